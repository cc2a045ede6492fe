// The room: one place for each part of the view, filled when that part has changed. Actions go out
// as messages; each is answered by a new view.

const PATIENCE = 5000;      // milliseconds without an answer after which we say so
const NO_ANSWER = "The notebook's engine is not answering. Your play is saved: restart the kernel " +
  "and run the cell again.";

/** The parts of the room: where each is shown, what of the view it shows, and how. */
const SLOTS = {
  head: [(v) => [v.case, v.where, v.you.name], headParts],
  happened: [(v) => [v.happened, v.you.name], happenedParts],
  ask: [(v) => [v.turn, v.ask, v.where.phase], askParts],
  people: [(v) => [v.people, v.colleagues, v.turn], peopleParts],
  story: [(v) => v.story, storyParts],
  documents: [(v) => [v.reading_html, v.exhibits], documentParts],
  foot: [(v) => v.saved, footParts],
};

function render({ model, el }) {
  const room = build(model);
  const update = () => show(room, model.get("view"));
  const stopTheme = followTheme(room.root);
  el.replaceChildren(room.root);
  update();
  model.on("change:view", update);
  return () => {
    model.off("change:view", update);
    clearTimeout(room.timer);
    stopTheme();
  };
}

function build(model) {
  const slot = (name, tag = "section") => h(tag, { class: `cb-slot cb-${name}` });
  const slots = Object.fromEntries(Object.keys(SLOTS).map((name) => [name, slot(name)]));
  slots.head = slot("head", "div");
  slots.foot = slot("foot", "div");
  // Live regions have to be there before anything is said in them.
  const live = h("p", { class: "cb-live cb-hidden", role: "status", "aria-live": "polite" });
  const alert = h("div", { class: "cb-message cb-alert", role: "alert" });
  const note = h("div", { class: "cb-message cb-note", role: "status" });
  const root = h("section", { class: "cb-room", tabindex: "-1" }, slots.head, live, alert, note,
    h("div", { class: "cb-columns" },
      h("div", { class: "cb-main" }, slots.happened, slots.ask),
      h("div", { class: "cb-side" }, slots.people)),
    slots.story, slots.documents, slots.foot);
  // The notebook listens further up; Tab and the browser's own keys need no listener at all.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  return { id: ++rooms, model, root, slots, live, alert, note, keys: {}, view: null,
    pending: null, timer: null };
}

function show(room, view) {
  if (!view?.case) return;
  const moved = room.view !== null && view.turn !== room.view.turn;
  const ours = room.pending !== null;
  room.view = view;
  settle(room);
  for (const name of Object.keys(SLOTS)) fill(room, name);
  room.root.setAttribute("aria-label", `Casebook: ${view.case.title}`);
  Object.assign(room.root.dataset, { turn: view.turn, stage: view.stage });
  tell(room, view.message);
  // Another view of the same play must not take the focus away from where the player is.
  if (moved && ours) arrive(room);
  requestAnimationFrame(() => {
    room.root.dataset.painted = view.turn;
    performance.mark("casebook:painted");
  });
}

/** Fill one part if what it shows has changed; what was open in it stays open. */
function fill(room, name) {
  const [pick, make] = SLOTS[name];
  const key = JSON.stringify(pick(room.view));
  if (room.keys[name] === key) return;
  const node = room.slots[name];
  const open = new Set([...node.querySelectorAll("details[open]")].map((d) => d.dataset.key));
  room.keys[name] = key;
  node.replaceChildren(...flat(make(room.view, room)));
  node.querySelectorAll("details").forEach((d) => { d.open = open.has(d.dataset.key); });
}

function flat(parts) {
  return parts.flat(2).filter((part) => part != null && part !== false);
}

function askParts(view, room) {
  const kinds = { plan: planParts, incident: incidentParts, end: endParts };
  return kinds[view.ask.kind](view, room);
}

function headParts(view, room) {
  const go = (name, text) => h("button", { type: "button", class: "cb-link", data: { jump: name },
    onclick: () => jump(room, name) }, text);
  return [
    h("div", { class: "cb-banner" },
      h("div", {}, h("p", { class: "cb-kicker" }, `${view.case.firm} for ${view.case.client}`),
        h("h2", {}, view.case.title)),
      h("div", { class: "cb-nav", role: "group", "aria-label": "Go to" },
        go("ask", view.stage === "end" ? "How it ended" : "Your decision"), go("people", "People"),
        go("story", "Story so far"), go("documents", "Documents"))),
    whereParts(view),
  ];
}

function footParts(view) {
  const { ok, text } = view.saved;
  return [h("p", { class: "cb-saved", data: { ok: String(ok) } },
    h("span", { "aria-hidden": "true" }, ok ? "✓ " : "! "), text)];
}

function jump(room, name) {
  reveal(room.root.querySelector(`.cb-jump-${name}`));
}

function reveal(node) {
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: "start" });
}

/** After a turn: the reader stands at what happened, and hears the reactions. */
function arrive(room) {
  jump(room, "happened");
  room.live.textContent = room.view.happened ? spoken(room.view.happened) : "";
}

function sendAction(room, action, button, hint) {
  performance.mark("casebook:action");
  tell(room, null);
  room.pending = { button, hint };
  button.setAttribute("aria-disabled", "true");
  room.timer = setTimeout(() => giveUp(room), PATIENCE);
  try {
    room.model.send(action);
  } catch {
    giveUp(room);
  }
}

function giveUp(room) {
  settle(room);
  tell(room, { level: "error", text: NO_ANSWER });
}

/** An answer has come, or none will: the button can be pressed again. */
function settle(room) {
  clearTimeout(room.timer);
  room.pending?.button.setAttribute("aria-disabled", "false");
  room.pending = null;
}

function tell(room, message) {
  const level = message?.level ?? "info";
  const loud = level !== "info";
  room.alert.dataset.level = level;
  room.alert.textContent = loud ? message?.text ?? "" : "";
  room.note.textContent = loud ? "" : message?.text ?? "";
}

/** Light or dark, from the notebook's theme or the ground that the room really stands on. */
function followTheme(root) {
  const set = () => { root.dataset.theme = isDark(root) ? "dark" : "light"; };
  const watch = new MutationObserver(set);
  const media = matchMedia("(prefers-color-scheme: dark)");
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  media.addEventListener("change", set);
  requestAnimationFrame(set);
  set();
  return () => {
    watch.disconnect();
    media.removeEventListener("change", set);
  };
}

function isDark(root) {
  const flag = document.body.dataset.jpThemeLight;
  if (flag) return flag === "false";
  for (let node = root.parentElement; node; node = node.parentElement) {
    const [r, g, b, a = 1] = getComputedStyle(node).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    if (a > 0.5 && r !== undefined) return 0.3 * r + 0.6 * g + 0.1 * b < 110;
  }
  return false;
}

export default { render };
