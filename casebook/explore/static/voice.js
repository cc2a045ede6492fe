// What an exploration says, in a live region that stays in the page, so that a screen reader tells
// it. Plain ipywidgets lack three things, which are mended here for the box that this stands in:
// a region that announces, a name on the handle of a slider, and keys that stay inside.

/** JupyterLab's one-letter shortcuts must not reach through (b inserts a cell, d d deletes one). */
function guard(box) {
  for (const kind of ["keydown", "keyup", "keypress"]) {
    box.addEventListener(kind, (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
  }
}

/** The handle takes the name of its slider. The number beside it only repeats what it tells. */
function name(box) {
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label")?.textContent;
    const handle = slider.querySelector(".noUi-handle");
    if (handle && label && handle.getAttribute("aria-label") !== label) {
      handle.setAttribute("aria-label", label);
    }
    const readout = slider.querySelector(".widget-readout");
    if (readout && readout.getAttribute("aria-hidden") !== "true") {
      readout.contentEditable = "false";
      readout.removeAttribute("tabindex");
      readout.setAttribute("aria-hidden", "true");
    }
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
  let watch = null;
  const find = () => {
    const box = el.closest(".cb-explore");
    if (!box) return void requestAnimationFrame(find);
    if (!box.dataset.guarded) {
      box.dataset.guarded = "yes";
      guard(box);
    }
    name(box);
    watch = new MutationObserver(() => name(box));
    watch.observe(box, { childList: true, subtree: true });
  };
  find();
  return () => watch?.disconnect();
}

export default { render };
