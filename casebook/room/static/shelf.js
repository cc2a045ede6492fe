// The progress strip in a notebook. It shows the view that Python sends; it reads no transcript and
// judges no file. Plain DOM, no build step, no request to any host.

const ANSWER_WITHIN_MS = 20000;
// One message of more than some megabytes would be refused by the notebook's server.
const PIECE = 1_000_000;

/** An element; strings become text. */
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") node.setAttribute("style", value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

const MARKS = { finished: "✓", open: "▸", new: "○", damaged: "!", "other-version": "!", gone: "·" };

function mark(state) {
  return h("span", { class: `cbs-mark cbs-mark-${state}`, "aria-hidden": "true" }, MARKS[state]);
}

/** What an attempt says, with a full stop where notes follow it. */
function sentence(one) {
  return one.notes.length && !/[.?!]$/.test(one.text) ? `${one.text}.` : one.text;
}

// ---- the rows -------------------------------------------------------------------------------

function caseRow(t, row) {
  return h("li", { class: "cbs-case", "data-case": row.id, "data-state": row.state },
    h("div", { class: "cbs-what" },
      h("h4", {}, row.title),
      h("p", { class: "cbs-about" }, row.about)),
    h("div", { class: "cbs-how" },
      h("div", { class: "cbs-bar", "aria-hidden": "true" },
        h("span", { style: `width:${row.percent}%` })),
      h("span", { class: "cbs-percent" }, `${row.percent} %`),
      h("ul", { class: "cbs-attempts" },
        row.text && h("li", {}, mark("new"), h("span", {}, row.text)),
        row.attempts.map((one) => h("li", { "data-attempt": one.attempt, "data-state": one.state },
          mark(one.state), h("span", {}, h("strong", {}, `${one.name}: `), sentence(one),
            one.notes.map((note) => h("span", { class: "cbs-note" }, ` ${note}`))))))),
    h("div", { class: "cbs-next" },
      h("p", {}, `${row.run_says}:`),
      h("code", {}, row.run),
      row.lesson && h("p", { class: "cbs-note" }, `${t("Lesson")}: ${row.lesson}`)));
}

function paint(strip, view) {
  const { t } = strip;
  strip.heading.textContent = view.heading;
  strip.summary.textContent = view.summary;
  strip.warning.textContent = view.warning;
  strip.warning.hidden = !view.warning;
  strip.root.toggleAttribute("data-fleeting", Boolean(view.warning));
  strip.body.replaceChildren(...[
    h("ul", { class: "cbs-cases" }, view.cases.map((row) => caseRow(t, row))),
    view.others.length > 0 && h("section", { class: "cbs-others" },
      h("h4", {}, t("Other files in this folder")),
      h("ul", {}, view.others.map((other) => h("li", {},
        other.file && h("code", {}, other.file), other.file && ": ", other.text)))),
  ].filter(Boolean));
  strip.root.dataset.answer = view.answer;
}

/** Say something in the live region; several lines become a list. */
function tell(strip, message) {
  const lines = message ? message.lines : [];
  strip.status.className = message ? `cbs-status cbs-${message.level}` : "cbs-status";
  strip.status.replaceChildren(...lines.map((line) => h("p", {}, line)));
}

// ---- saving and bringing back ---------------------------------------------------------------

/** Give the browser a file to keep. */
function download(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function bring(strip, file) {
  const { t } = strip;
  if (file.size > strip.largest()) {
    tell(strip, { level: "error", lines: [t("This file is too large to be your work. Choose the "
      + "file that “Save my work” gave you.")] });
    return;
  }
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    tell(strip, { level: "error", lines: [t("Your browser could not read this file. Nothing was "
      + "changed.")] });
    return;
  }
  const of = Math.max(1, Math.ceil(bytes.byteLength / PIECE));
  const id = `${Date.now()}-${Math.random()}`;
  for (let part = 0; part < of; part += 1) {
    const piece = bytes.slice(part * PIECE, (part + 1) * PIECE);
    strip.ask({ do: "bring", id, part, of }, [piece], t("Bringing back your work …"));
  }
}

/** Send one message; say so when the kernel does not answer. */
function asker(strip, model) {
  return (message, buffers, says) => {
    const { t } = strip;
    clearTimeout(strip.waiting);
    strip.waiting = setTimeout(() => {
      strip.waiting = null;
      strip.root.removeAttribute("data-busy");
      tell(strip, { level: "error", lines: [t("The notebook's engine is not answering. Your work is "
        + "still in its folder: restart the kernel, run this cell again and try once more.")] });
    }, ANSWER_WITHIN_MS);
    strip.root.toggleAttribute("data-busy", true);
    tell(strip, { level: "info", lines: [says] });
    model.send(message, undefined, buffers);
  };
}

function buttons(strip) {
  const { t } = strip;
  const chosen = h("input", { type: "file", accept: ".zip,application/zip", hidden: true,
    "aria-label": t("The file with your work"), onchange: (event) => {
      const [file] = event.target.files;
      // The same file may be chosen again.
      if (file) bring(strip, file).finally(() => { event.target.value = ""; });
    } });
  const button = (action, primary, text, click) => h("button", { type: "button",
    class: primary ? "cbs-button cbs-primary" : "cbs-button", "data-action": action,
    onclick: () => { if (!strip.root.hasAttribute("data-busy")) click(); } }, text);
  return h("div", { class: "cbs-buttons" },
    button("save", true, t("Save my work"),
      () => strip.ask({ do: "save" }, [], t("Collecting your work …"))),
    button("bring", false, t("Bring back my work"), () => chosen.click()),
    button("look", false, t("Read again"), () => strip.ask({ do: "look" }, [], t("Reading …"))),
    chosen);
}

/** JupyterLab's one-letter shortcuts must not reach through (b inserts a cell, d d deletes one). */
function guard(root) {
  for (const kind of ["keydown", "keyup", "keypress"]) {
    root.addEventListener(kind, (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
  }
}

function render({ model, el }) {
  const words = model.get("words") || {};
  const strip = { waiting: null, t: (text) => words[text] || text,
    largest: () => model.get("view").largest };
  strip.ask = asker(strip, model);
  strip.heading = h("h3", {});
  strip.summary = h("p", { class: "cbs-summary" });
  strip.warning = h("p", { class: "cbs-fleeting" });
  strip.status = h("div", { class: "cbs-status", role: "status", "aria-live": "polite" });
  strip.body = h("div", {});
  strip.root = h("section", { class: "cb-shelf", "aria-label": strip.t("Your progress"),
    "data-jp-suppress-context-menu": true },
  h("div", { class: "cbs-head" }, strip.heading, strip.summary),
  h("div", { class: "cbs-keep" }, strip.warning, buttons(strip), strip.status),
  strip.body);
  guard(strip.root);
  paint(strip, model.get("view"));
  const answered = () => {
    clearTimeout(strip.waiting);
    strip.waiting = null;
    strip.root.removeAttribute("data-busy");
    const view = model.get("view");
    paint(strip, view);
    tell(strip, view.message);
  };
  const given = (message, buffers) => {
    if (message.do === "save" && buffers.length) download(message.name, buffers[0]);
  };
  model.on("change:view", answered);
  model.on("msg:custom", given);
  el.append(strip.root);
  return () => {
    clearTimeout(strip.waiting);
    model.off("change:view", answered);
    model.off("msg:custom", given);
  };
}

export default { render };
