// A table to open. Only its inside is exchanged, so that it stays open and keeps the focus.
function render({ model, el }) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const inside = document.createElement("div");
  inside.className = "jp-RenderedHTMLCommon";
  details.append(summary, inside);
  el.append(details);
  const paint = () => {
    summary.textContent = model.get("title");
    inside.innerHTML = model.get("table");
    details.hidden = !model.get("table");
  };
  model.on("change", paint);
  paint();
}

export default { render };
