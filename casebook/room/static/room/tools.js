// The room in a notebook. It shows the view that Python sends and sends back actions; it knows no
// rule of the case or of the model. Plain DOM, no build step, no request to any host: the files of
// this folder are laid end to end into one module. docs/room-protocol.md describes view and actions.

// ---- small tools ----------------------------------------------------------------------------

/** What the room that is being painted speaks: its texts, and its language for numbers. */
let speech = { words: {}, language: "en" };

/** A text in the language of the room, its gaps filled. */
function t(text, gaps) {
  const said = speech.words[text] || text;
  return gaps ? said.replace(/\{(\w+)\}/g, (gap, name) => (name in gaps ? gaps[name] : gap)) : said;
}

/** An element. Strings become text; `html` is only for what Python rendered from Markdown. */
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "html") node.innerHTML = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") node.setAttribute("style", value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

const number = (value) => value.toLocaleString(speech.language === "en" ? "en-GB" : speech.language);
const signed = (value) => (value > 0 ? `+${number(value)}` : value < 0 ? `−${number(-value)}` : "0");
const ARROWS = { up: "▲", down: "▼", level: "=" };
const bandWord = (band) => ({ warm: t("warm"), wary: t("wary"), cold: t("cold") })[band];

function arrow(kind) {
  return h("span", { class: `cb-arrow cb-${kind}`, "aria-hidden": "true" }, ARROWS[kind]);
}

function portrait(room, person, size) {
  return h("span", { class: `cb-face cb-face-${size}`,
    html: person.portrait || room.faces[person.id] || "" });
}

/** A details element that stays open over a turn: `key` names it. */
function fold(room, key, summary, ...children) {
  const node = h("details", { class: "cb-fold", "data-key": key, open: room.open.has(key) },
    h("summary", { "data-at": `fold-${key}` }, summary), ...children);
  node.addEventListener("toggle", () => (node.open ? room.open.add(key) : room.open.delete(key)));
  return node;
}

/** A table in a place of its own, which a keyboard can scroll sideways where the page is narrow. */
function wide(name, table) {
  return h("div", { class: "cb-text cb-wide", tabindex: "0", role: "region", "aria-label": name }, table);
}

/** A button that sends an action. `at` names it, so that the focus finds it again. */
function button(room, at, text, action, props) {
  return h("button", { type: "button", class: "cb-button", "data-at": at, ...props,
    onclick: () => room.send(action) }, text);
}
