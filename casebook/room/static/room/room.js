// ---- the room -------------------------------------------------------------------------------

const ANSWER_WITHIN_MS = 5000;
const RECKON_WITHIN_MS = 60000;

function ask(room, view) {
  if (view.ask.kind === "plan") return planForm(room, view);
  if (view.ask.kind === "incident") return incidentForm(room, view);
  return end(room, view);
}

function paint(room, view) {
  speech = room.speech;
  room.caseLanguage = view.case_language === view.language ? null : view.case_language;
  room.root.lang = view.language;
  room.root.setAttribute("aria-label", t("The room"));
  // The case is read before the first decision, and looked up from then on.
  const reading = documents(room, view);
  room.body.replaceChildren(...[
    head(room, view),
    view.turn === 0 && h("div", { class: "cb-more cb-first" },
      h("p", {}, h("strong", {}, t("Read the case first.")), " ",
        t("With its exhibits it takes about half an hour. Then plan your week.")),
      reading),
    h("div", { class: "cb-columns" },
      h("div", { class: "cb-main" }, happened(room, view), ask(room, view), branches(room, view)),
      h("div", { class: "cb-side" }, status(room, view))),
    people(room, view),
    h("div", { class: "cb-more" }, view.turn > 0 && reading, story(room, view), yourSide(room, view)),
    foot(room, view),
  ].filter(Boolean));
  paintGuide(room);
  tell(room, view.message);
  room.root.dataset.turn = view.turn;
  room.root.dataset.stage = view.stage;
  room.root.dataset.way = view.branches.current;
  requestAnimationFrame(() => {
    performance.mark("casebook:painted");
    room.root.dataset.painted = view.turn;
    room.root.dataset.answer = view.answer;
  });
}

function tell(room, message) {
  room.alert.textContent = message ? message.text : "";
  room.alert.className = message ? `cb-message cb-${message.level}` : "cb-message";
}

/** Send one action at a time; say so when the kernel does not answer. */
function sender(room, model) {
  return (action) => {
    if (room.waiting) {
      // The room itself may have asked for something: then the click is next, and not lost.
      if (room.reckoning) room.next = action;
      return;
    }
    performance.mark("casebook:action");
    room.sent = action;
    room.reckoning = action.do === "look-back";
    const silent = h("span", {}, t("The notebook's engine is not answering. Your play is saved: "
      + "restart the kernel and run the cell again.")).textContent;
    room.waiting = setTimeout(() => {
      room.waiting = room.next = null;
      room.reckoning = false;
      busy(room, false);
      tell(room, { level: "error", text: silent });
    }, room.reckoning || action.do === "report" ? RECKON_WITHIN_MS : ANSWER_WITHIN_MS);
    busy(room, true);
    model.send(action);
  };
}

function busy(room, state) {
  room.root.toggleAttribute("data-busy", state);
  const commit = room.body.querySelector('[data-action="commit"]');
  // Not `disabled`: a disabled button would drop the focus.
  if (commit) commit.setAttribute("aria-disabled", String(state));
}

function answered(room, view) {
  clearTimeout(room.waiting);
  const { sent, next } = room;
  room.waiting = room.sent = room.next = null;
  room.reckoning = false;
  busy(room, false);
  const moved = view.turn !== room.turn || view.branches.current !== room.way;
  const forward = view.turn > room.turn && view.branches.current === room.way;
  const at = document.activeElement?.closest(".cb-room") === room.root
    ? document.activeElement.dataset.at : null;
  Object.assign(room, { turn: view.turn, way: view.branches.current });
  if (moved) room.draft = null;
  paint(room, view);
  // Every view of one room gets the answer; only the one that asked keeps the file.
  if (view.report && sent?.do === "report") download(room, view.report);
  if (forward) {
    room.live.textContent = spoken(view);
    focusOn(room, ".cb-focus", true);
  } else if (moved) {
    room.live.textContent = t("Now shown: {label}.", view.branches.tree.find(
      (one) => one.number === view.branches.current));
    focusOn(room, '[data-part="ask"] h3', true);
  } else {
    settle(room, view, sent, at);
  }
  if (next) room.send(next);
  else if (sent?.do !== "look-back") reckon(room, view);
}

/** After an answer that took no turn: announce what it brought, and keep the focus near it. */
function settle(room, view, sent, at) {
  if (view.message) {
    const commit = ["plan", "respond"].includes(sent?.do)
      && room.body.querySelector('[data-action="commit"]');
    const near = commit || (at && room.body.querySelector(`[data-at="${CSS.escape(at)}"]`));
    (near || room.alert).focus();
  } else if (sent?.do === "hint") {
    const opened = room.body.querySelector(`[data-hint="${sent.tier}"]`);
    opened?.focus({ preventScroll: true });
    room.live.textContent = opened?.textContent || "";
  } else if (sent?.do === "compare" && view.compare) {
    room.live.textContent = t("{here} and {there}", { here: view.compare.here, there: view.compare.label });
    focusOn(room, ".cb-both", true);
  } else if (sent?.do === "look-back") {
    room.live.textContent = t("Your play has been compared with others on the same luck.");
    if (at) focusOn(room, `[data-at="${CSS.escape(at)}"]`);
  } else if (at) {
    focusOn(room, `[data-at="${CSS.escape(at)}"]`);
  }
}

function focusOn(room, selector, scroll) {
  const found = room.body.querySelector(selector);
  found?.focus({ preventScroll: true });
  if (scroll) found?.scrollIntoView({ block: "start", behavior: "auto" });
}

/** After the end, ask once for what takes a moment to reckon. */
function reckon(room, view) {
  if (view.stage === "end" && !view.after) {
    setTimeout(() => room.send({ do: "look-back" }), 0);
  }
}

/** Hand the report to the browser as a file. */
function download(room, report) {
  const address = URL.createObjectURL(new Blob([report.html], { type: "text/html" }));
  const link = h("a", { href: address, download: report.file, class: "cb-hidden" }, report.file);
  room.root.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  room.live.textContent = t("Your report was downloaded as {file}.", report);
}

/** JupyterLab's one-letter shortcuts must not reach through (b inserts a cell, d d deletes one). */
function guard(root) {
  for (const kind of ["keydown", "keyup", "keypress"]) {
    root.addEventListener(kind, (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
  }
}

let rooms = 0;

/** What the page keeps of the parts that do not change in a play. */
function keep(room, fixed) {
  room.faces = fixed.faces;
  room.about = fixed.about;
  room.speech = { words: fixed.words, language: fixed.language };
  room.documents = null;
}

function render({ model, el }) {
  const room = { id: ++rooms, open: new Set(), draft: null, waiting: null, guide: null };
  room.body = h("div", { class: "cb-body" });
  room.alert = h("p", { class: "cb-message", role: "alert", tabindex: "-1" });
  room.live = h("p", { class: "cb-hidden cb-live", role: "status", "aria-live": "polite" });
  room.guideBox = h("div", {});
  room.root = h("section", { class: "cb-room", "data-jp-suppress-context-menu": true },
    room.alert, room.live, room.guideBox, room.body);
  guard(room.root);
  room.send = sender(room, model);
  const current = () => ({ ...model.get("fixed"), ...model.get("view") });
  const first = current();
  Object.assign(room, { turn: first.turn, way: first.branches.current });
  keep(room, model.get("fixed"));
  if (first.turn === 0 && !guideSeen()) room.guide = 0;
  paint(room, first);
  reckon(room, first);
  const listen = () => answered(room, current());
  const refix = () => keep(room, model.get("fixed"));
  model.on("change:fixed", refix);
  model.on("change:view", listen);
  el.append(room.root);
  return () => {
    clearTimeout(room.waiting);
    model.off("change:fixed", refix);
    model.off("change:view", listen);
  };
}

export default { render };
