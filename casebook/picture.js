// The figure above these words becomes one picture with one name: plotly gives it none, and leaves
// a screen reader to read every number of its axes. It may be drawn later than this runs, and anew.
(() => {
  const words = document.currentScript?.closest(".cb-picture");
  const area = words?.closest(".jp-OutputArea, .output_area, .cell_output, body");
  if (!area) return;
  const before = (plot) => plot.compareDocumentPosition(words) & Node.DOCUMENT_POSITION_FOLLOWING;
  const name = () => {
    const plot = [...area.querySelectorAll(".js-plotly-plot")].filter(before).pop();
    if (!plot || plot.getAttribute("aria-label") === words.dataset.name) return;
    plot.classList.add("cb-figure");
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", words.dataset.name);
  };
  name();
  // plotly looks at its width only when the window's changes; a notebook's column has other reasons.
  let width = area.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(area.clientWidth - width) < 2) return;
    width = area.clientWidth;
    requestAnimationFrame(() => window.dispatchEvent(new Event("resize")));
  }).observe(area);
  new MutationObserver(name).observe(area, { childList: true, subtree: true });
})();
