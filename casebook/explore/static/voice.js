// What an exploration says, in a live region that stays in the page, so that a screen reader tells
// it. Plain ipywidgets lack two things, which are mended here for the box that this stands in: a
// region that announces, and keys that stay inside.

/** JupyterLab's one-letter shortcuts must not reach through (b inserts a cell, d d deletes one). */
function guard(box) {
  for (const kind of ["keydown", "keyup", "keypress"]) {
    box.addEventListener(kind, (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
  }
}

function render({ model, el }) {
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  line.className = "cb-told";
  el.append(line);
  const tell = () => {
    const { mark, text } = model.get("told");
    line.dataset.mark = mark;
    line.textContent = text;
  };
  model.on("change:told", tell);
  tell();

  // The box is built by others, before or after this; it is looked for until it is there.
  let gone = false;
  const find = () => {
    const box = el.closest(".cb-explore");
    if (!box) return void (gone || requestAnimationFrame(find));
    if (!box.dataset.guarded) {
      box.dataset.guarded = "yes";
      guard(box);
    }
  };
  find();
  return () => { gone = true; };
}

export default { render };
