// Making elements. The files of this folder are joined into one module by widget.py; they share
// one scope, so there is no import between them and no build step.

const FOCUSABLE = new Set(["a", "button", "input", "select", "summary", "textarea"]);
let rooms = 0;      // so that ids stay unique with several rooms on a page

/** An element. Children that are strings become text, never HTML; null children are left out. */
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) setProp(node, key, value);
  node.append(...children.flat(2).filter((child) => child != null && child !== false));
  if (FOCUSABLE.has(tag) || node.hasAttribute("tabindex")) shield(node);
  return node;
}

function setProp(node, key, value) {
  if (value == null || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key === "style") for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v);
  else node.setAttribute(key, value === true ? "" : value);
}

/** Keep the notebook's one-letter shortcuts off a control. JupyterLab looks at the focused element
 * only, so a mark on the room as a whole would not do. */
function shield(node) {
  node.setAttribute("data-lm-suppress-shortcuts", "true");
}

/** Markup that Python made (rendered Markdown, drawings): the only place where HTML is parsed. */
function markup(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html ?? "";
  return holder.content;
}

/** Rendered Markdown, fitted into the page: headings below ours, tables that can be scrolled. */
function prose(tag, props, html) {
  const content = markup(html);
  content.querySelectorAll("h1,h2,h3,h4,h5,h6").forEach((old) => {
    const level = Math.min(Number(old.tagName[1]) + 4, 6);
    const heading = h(`h${level}`, { class: `cb-h${old.tagName[1]}` });
    heading.append(...old.childNodes);
    old.replaceWith(heading);
  });
  content.querySelectorAll("table").forEach((table) => {
    const holder = scroller("Table");
    table.replaceWith(holder);
    holder.append(table);
  });
  content.querySelectorAll("a").forEach((link) => {
    Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    shield(link);
  });
  const node = h(tag, props);
  node.append(content);
  return node;
}

/** Rendered Markdown of one paragraph, for places where only phrases may stand (a label). */
function phrase(props, html) {
  const content = markup(html);
  content.querySelectorAll("p").forEach((old) => {
    const span = h("span", { class: "cb-par" });
    span.append(...old.childNodes);
    old.replaceWith(span);
  });
  const node = h("span", props);
  node.append(content);
  return node;
}

/** A box that scrolls sideways by itself and can be reached by keyboard. */
function scroller(label) {
  return h("div", { class: "cb-scroll", tabindex: "0", role: "group", "aria-label": label });
}

function drawing(svg, size) {
  const node = h("span", { class: `cb-face cb-face-${size}`, "aria-hidden": "true" });
  node.append(markup(svg));
  return node;
}

/** A details element that stays open when its part of the page is made anew. */
function details(key, summary, props, ...children) {
  return h("details", { ...props, data: { key, ...(props?.data ?? {}) } },
    h("summary", {}, summary), h("div", { class: "cb-inside" }, ...children));
}

function hidden(text) {
  return h("span", { class: "cb-hidden" }, text);
}

/** A change as number, arrow and word; `level` says so in words alone. */
function changeMark({ change, arrow, word }) {
  const sign = { up: "▲", down: "▼", level: "=" }[arrow] ?? "=";
  return h("span", { class: `cb-change cb-${arrow}` },
    h("span", { class: "cb-arrow", "aria-hidden": "true" }, sign),
    arrow === "level" ? " " : ` ${signed(change)} `, word);
}

function signed(number) {
  return number < 0 ? `−${Math.abs(number)}` : `+${number}`;
}

const money = new Intl.NumberFormat("en-GB");

function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
