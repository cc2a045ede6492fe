// The room in a notebook. It shows the view that Python sends and sends back actions; it knows no
// rule of the case or of the model. Plain DOM, no build step, no request to any host.
// docs/room-protocol.md describes the view and the actions.

const ANSWER_WITHIN_MS = 5000;
const STEP = 5;

// ---- small tools ----------------------------------------------------------------------------

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

const number = (value) => value.toLocaleString("en-GB");
const signed = (value) => (value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0");
const ARROWS = { up: "▲", down: "▼", level: "=" };
const BANDS = { warm: "warm", wary: "wary", cold: "cold" };

function arrow(kind) {
  return h("span", { class: `cb-arrow cb-${kind}`, "aria-hidden": "true" }, ARROWS[kind]);
}

function portrait(person, size) {
  return h("span", { class: `cb-face cb-face-${size}`, html: person.portrait });
}

/** A details element that stays open over a turn: `key` names it. */
function fold(room, key, summary, ...children) {
  const node = h("details", { class: "cb-fold", "data-key": key, open: room.open.has(key) },
    h("summary", {}, summary), ...children);
  node.addEventListener("toggle", () => (node.open ? room.open.add(key) : room.open.delete(key)));
  return node;
}

// ---- where we are ---------------------------------------------------------------------------

function head(view) {
  const { where } = view;
  const weeks = where.last_week - where.first_week + 1;
  const done = view.stage === "end" ? weeks : Math.min(where.week - where.first_week, weeks);
  return h("header", { class: "cb-head" },
    h("p", { class: "cb-kicker" }, `${view.case.firm} for ${view.case.client}`),
    h("h2", {}, view.case.title),
    h("p", { class: "cb-week" },
      h("strong", {}, view.stage === "end" ? `After week ${where.last_week}` : `Week ${where.week}`),
      ` · phase ${where.phase.number} of ${where.phase.of}: ${where.phase.title}`,
      view.engagements.length ? null : ` · ${goLive(where)}`),
    h("div", { class: "cb-strip", "aria-hidden": "true", style: `--done:${(100 * done) / weeks}%` },
      (view.engagements.length ? view.engagements : [where]).map((one) => h("i",
        { style: `left:${(100 * (one.go_live - where.first_week + 1)) / weeks}%` }))));
}

function goLive(project) {
  return project.live ? `live since week ${project.live}`
    : `${project.days_left} working days to go-live (week ${project.go_live})`;
}

const TERMS = [
  ["pv", "PV", "planned value: what should be done by now"],
  ["ev", "EV", "earned value: what is done, at its planned cost"],
  ["ac", "AC", "actual cost so far"],
  ["spi", "SPI", "EV ÷ PV; below 1 is behind the plan"],
  ["cpi", "CPI", "EV ÷ AC; below 1 costs more than planned"],
  ["eac", "EAC", "what the whole will cost if it goes on like this"],
];

function status(room, view) {
  const several = view.engagements.length > 0;
  return h("section", { class: "cb-card cb-status", "aria-label": "Where we are" },
    h("h3", {}, "Where we are"),
    several ? view.engagements.map((one) => h("section", { class: "cb-engagement",
      "data-engagement": one.id },
      h("h4", {}, one.title),
      h("p", { class: "cb-note" }, `${one.share} % of your week (needs ${one.need} %) · ${goLive(one)}`),
      project(room, one, `earned-value-${one.id}`)))
      : project(room, view.where, "earned-value"),
    promises(view.where));
}

function project(room, where, key) {
  const columns = [where.reported, where.measured];
  const rows = TERMS.map(([key, name, meaning]) => h("tr", {},
    h("th", { scope: "row" }, h("abbr", { title: meaning }, name)),
    columns.map((column) => h("td", {}, number(column[key])))));
  const gap = where.reported.progress - where.measured.progress;
  return [
    h("div", { class: "cb-bars" },
      bar("Planned", where.reported.planned, "plan"),
      bar(where.reported.label, where.reported.progress, "told"),
      bar(where.measured.label, where.measured.progress, "true")),
    gap > 0 && h("p", { class: "cb-note" },
      `${gap} % of the scope counts as done and has not passed its tests.`),
    fold(room, key, "Earned value",
      h("table", { class: "cb-table" },
        h("caption", {}, `Money in ${where.money_unit} ${where.currency}`),
        h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, "reported"),
          h("th", { scope: "col" }, "measured"))),
        h("tbody", {}, rows)),
      h("dl", { class: "cb-terms" }, TERMS.map(([, name, meaning]) => [
        h("dt", {}, name), h("dd", {}, meaning)]))),
  ];
}

function bar(label, percent, kind) {
  return h("div", { class: `cb-bar cb-bar-${kind}` },
    h("span", { class: "cb-bar-label" }, label), h("span", { class: "cb-bar-value" }, `${percent} %`),
    h("span", { class: "cb-bar-track", "aria-hidden": "true" },
      h("span", { style: `width:${Math.min(percent, 100)}%` })));
}

function promises(where) {
  if (!where.promises.length) return null;
  const marks = { open: "open", kept: "✓ kept", broken: "✗ not kept" };
  return h("div", {}, h("h4", {}, "Your promises"),
    h("ul", { class: "cb-promises" }, where.promises.map((p) => h("li", { class: `cb-${p.state}` },
      h("strong", {}, p.to), `: ${p.what} `,
      h("span", { class: "cb-tag" }, p.state === "open" ? `due in week ${p.due}` : marks[p.state])))));
}

// ---- people ---------------------------------------------------------------------------------

const KNOWN = {
  well: "You know this person well.",
  partly: "You know this person in part: readings are rough.",
  hardly: "You hardly know this person: readings are a guess.",
};

function people(room, view) {
  return h("section", { class: "cb-people", "aria-label": "Who is here" },
    h("h3", {}, "Who is here"),
    h("div", { class: "cb-grid" }, view.people.map((person) => contact(room, person))));
}

function contact(room, person) {
  return h("article", { class: "cb-card cb-contact", "data-contact": person.id },
    h("div", { class: "cb-who" }, portrait(person, "m"), h("div", {},
      h("h4", {}, person.name), h("p", { class: "cb-sub" },
        [person.title, person.part, person.engagement].filter(Boolean).join(" · ")))),
    person.says && h("blockquote", {}, person.says),
    h("div", { class: "cb-readings" }, person.readings.map(reading)),
    h("p", { class: "cb-known" }, KNOWN[person.known]),
    person.why && person.why.length
      ? fold(room, `why-${person.id}`, "Why? Since your last decision", reasons(person.why)) : null,
    fold(room, `about-${person.id}`, "About", h("div", { html: person.about_html })));
}

function reading(entry) {
  return h("div", { class: "cb-reading" },
    h("span", { class: "cb-reading-name", title: entry.term }, entry.name),
    h("span", { class: "cb-reading-value" }, h("strong", {}, entry.value),
      h("span", { class: "cb-range" }, ` (${entry.low} to ${entry.high})`)),
    h("span", { class: "cb-range-track", "aria-hidden": "true",
      style: `--low:${entry.low}%;--high:${entry.high}%;--at:${entry.value}%` }),
    h("span", { class: "cb-change" }, arrow(entry.arrow),
      entry.arrow === "level" ? " unchanged" : ` ${signed(entry.change)}, ${entry.word}`));
}

function reasons(list) {
  return h("ul", { class: "cb-why" }, list.map((reason) => h("li", {},
    h("p", {}, arrow(reason.change > 0 ? "up" : "down"),
      h("strong", {}, ` ${reason.because}`),
      ` This ${reason.word} ${reason.belief} (${signed(reason.change)}).`),
    h("p", { class: "cb-principle" }, reason.principle), findings(reason.findings))));
}

function findings(list) {
  if (!list || !list.length) return null;
  return h("ul", { class: "cb-findings" }, list.map((finding) => h("li", {},
    finding.statement, " ", h("cite", {}, finding.citation),
    finding.seen === "recall"
      ? h("span", { class: "cb-tag" }, "quoted from memory, to be checked") : null)));
}

// ---- what happened --------------------------------------------------------------------------

function happened(room, view) {
  const past = view.happened;
  if (!past) return null;
  return h("section", { class: "cb-card cb-happened" },
    h("h3", { tabindex: "-1", class: "cb-focus" }, `What happened: ${past.title}`),
    h("div", { class: "cb-you", html: past.you }),
    past.reactions.map((reaction) => reactionCard(room, past, reaction)),
    past.why && h("p", { class: "cb-principle" }, h("strong", {}, "The principle: "), past.why),
    findings(past.findings),
    newsList(past.news, "In the weeks since"));
}

function reactionCard(room, past, reaction) {
  return h("article", { class: `cb-reaction cb-band-${reaction.band}`, "data-band": reaction.band },
    portrait(reaction, "m"),
    h("div", {},
      h("p", { class: "cb-speaker" }, h("strong", {}, reaction.name),
        h("span", { class: "cb-tag" }, BANDS[reaction.band])),
      h("blockquote", {}, reaction.line),
      reaction.moved.length ? h("ul", { class: "cb-moved" }, reaction.moved.map((m) => h("li", {},
        arrow(m.arrow), ` ${m.name}: ${signed(m.change)}, ${m.word}`))) : null,
      reaction.why.length ? fold(room, `why-${past.turn}-${reaction.id}`, "Why?",
        reasons(reaction.why)) : null));
}

function newsList(news, title) {
  if (!news.length) return null;
  const marks = { good: "✓", bad: "!", plain: "·" };
  return h("div", { class: "cb-news" }, h("h4", {}, title), h("ul", {}, news.map((item) => h("li",
    { class: `cb-news-${item.tone}` }, h("span", { class: "cb-mark", "aria-hidden": "true" },
      marks[item.tone]), h("strong", {}, `Week ${item.week}: `), item.text))));
}

/** What a screen reader is told after a turn, without moving through the page. */
function spoken(view) {
  const past = view.happened;
  if (!past) return "";
  const said = past.reactions.map((r) => `${r.name}, ${r.band}: ${r.line}`);
  const news = past.news.map((item) => `Week ${item.week}: ${item.text}`);
  return [`What happened: ${past.title}.`, ...said, ...news].join(" ");
}

// ---- what you do: the attention plan --------------------------------------------------------

/** Shares after one role gets `value`: the others give or take in proportion; they sum to 100. */
export function rebalance(shares, id, value) {
  const fixed = Math.max(0, Math.min(100, Math.round(value)));
  const others = Object.keys(shares).filter((key) => key !== id);
  const left = 100 - fixed;
  const sum = others.reduce((total, key) => total + shares[key], 0);
  const exact = others.map((key) => (sum ? (shares[key] * left) / sum : left / others.length));
  const next = { ...shares, [id]: fixed };
  others.forEach((key, i) => (next[key] = Math.floor(exact[i])));
  let missing = left - others.reduce((total, key) => total + next[key], 0);
  const order = others.map((key, i) => [exact[i] - Math.floor(exact[i]), key])
    .sort((a, b) => b[0] - a[0]);
  for (let i = 0; missing > 0; i = (i + 1) % order.length, missing--) next[order[i][1]] += 1;
  return next;
}

function planForm(room, view) {
  const { ask } = view;
  let shares = room.draft?.turn === view.turn ? room.draft.shares
    : Object.fromEntries(ask.roles.map((role) => [role.id, role.share]));
  const rows = new Map();
  const set = (next) => {
    shares = next;
    room.draft = { turn: view.turn, shares };
    for (const [id, row] of rows) {
      row.slider.value = shares[id];
      row.slider.setAttribute("aria-valuetext", `${shares[id]} percent`);
      row.output.textContent = `${shares[id]} %`;
    }
  };
  const form = h("form", { class: "cb-card cb-ask", "data-ask": "plan", onsubmit: (event) => {
    event.preventDefault();
    room.send({ do: "plan", turn: view.turn, shares });
  } },
  h("h3", { tabindex: "-1" }, ask.title),
  h("div", { html: view.where.phase.brief_html }),
  h("fieldset", {}, h("legend", {}, ask.question),
    h("p", { class: "cb-note" }, "The shares always add up to 100 %. When you raise one, the time "
      + "comes from the others, in proportion."),
    h("div", { class: "cb-presets", role: "group", "aria-label": "Start from a plan" },
      ask.presets.map((preset) => h("button", { type: "button", class: "cb-button",
        "data-preset": preset.id, onclick: () => set({ ...preset.shares }) }, preset.name))),
    ask.roles.map((role) => roleRow(room, role, rows, () => shares, set)),
    h("p", { class: "cb-total" }, "Total: 100 %")),
  h("button", { type: "submit", class: "cb-button cb-primary", "data-action": "commit" },
    "Work to this plan"));
  set(shares);
  return form;
}

function roleRow(room, role, rows, shares, set) {
  const change = (value) => set(rebalance(shares(), role.id, value));
  const slider = h("input", { type: "range", min: 0, max: 100, step: 1, "data-role": role.id,
    "aria-label": `${role.name}, share of your week`,
    oninput: (event) => change(Number(event.target.value)) });
  const output = h("output", { class: "cb-share" });
  const step = (by, sign, word) => h("button", { type: "button", class: "cb-step",
    "aria-label": `${role.name}: ${word} by ${STEP}`, "data-step": `${role.id}${sign}`,
    onclick: () => change(shares()[role.id] + by) }, sign);
  rows.set(role.id, { slider, output });
  return h("div", { class: "cb-role" },
    h("span", { class: "cb-role-name" }, role.name, role.primary
      ? h("span", { class: "cb-tag" }, "primary") : null),
    h("span", { class: "cb-control" }, step(-STEP, "−", "less"), slider, step(STEP, "+", "more"),
      output),
    fold(room, `role-${role.id}`, role.meaning, h("p", {}, role.week),
      role.overdone && h("p", {}, h("strong", {}, "Overdone: "), role.overdone)));
}

// ---- what you do: an incident ---------------------------------------------------------------

function incidentForm(room, view) {
  const { ask } = view;
  const name = `cb-${room.id}-${view.turn}`;
  const chosen = room.draft?.turn === view.turn ? room.draft.response : null;
  const hint = h("p", { class: "cb-hint", role: "alert" });
  const form = h("form", { class: "cb-card cb-ask", "data-ask": "incident", novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      const picked = form.querySelector("input:checked");
      if (!picked) {
        hint.textContent = "Choose what you do first.";
        form.querySelector("input").focus();
        return;
      }
      room.send({ do: "respond", turn: view.turn, incident: ask.id, response: picked.value });
    } },
  h("p", { class: "cb-kicker" }, [`Week ${ask.week}`, "incident", ask.engagement].filter(Boolean)
    .join(" · ")),
  h("h3", { tabindex: "-1" }, ask.title),
  h("div", { class: "cb-who" }, portrait(ask.from, "m"), h("div", {},
    h("strong", {}, ask.from.name), h("p", { class: "cb-sub" }, ask.from.title,
      ask.from.side === "own" ? ", your own side" : ""))),
  h("div", { class: "cb-scene", html: ask.scene_html }),
  h("fieldset", {}, h("legend", {}, "What do you do?"),
    ask.responses.map((response) => h("label", { class: "cb-choice" },
      h("input", { type: "radio", name, value: response.id, "data-response": response.id,
        checked: response.id === chosen,
        onchange: () => {
          room.draft = { turn: view.turn, response: response.id };
          hint.textContent = "";
        } }),
      h("span", { html: response.say_html })))),
  hint,
  h("button", { type: "submit", class: "cb-button cb-primary", "data-action": "commit" },
    "Do this"));
  return form;
}

// ---- the end --------------------------------------------------------------------------------

const OUTCOMES = [["delivered", "The system went live"], ["renewed", "The contract was renewed"],
  ["follow_on", "Further work was agreed"], ["reference", "Somebody speaks for you in public"]];

/** Of an account all systems count, and one decision is taken about all of it. */
function outcomes(view) {
  const [[live], ...rest] = OUTCOMES;
  return view.engagements.length ? [[live, "All systems went live"], ...rest] : OUTCOMES;
}

function end(room, view) {
  const { ask } = view;
  return h("section", { class: "cb-card cb-ask cb-end", "data-ask": "end" },
    h("p", { class: "cb-kicker" }, "The end"),
    h("h3", { tabindex: "-1" }, ask.ending.title),
    h("div", { class: "cb-scene", html: ask.ending.text_html }),
    h("ul", { class: "cb-outcomes" }, outcomes(view).map(([key, text]) => h("li",
      { class: ask.outcome[key] ? "cb-yes" : "cb-no" },
      h("span", { "aria-hidden": "true" }, ask.outcome[key] ? "✓" : "✗"),
      ` ${text}: ${ask.outcome[key] ? "yes" : "no"}`))),
    ask.parts.length ? [h("h4", {}, "How each engagement stands"), ask.parts.map((one) => [
      h("h5", {}, `${one.engagement}: ${one.title}`),
      h("div", { class: "cb-scene", html: one.text_html })])] : null,
    h("h4", {}, `Scorecard: ${ask.overall} of 100`),
    h("div", { class: "cb-scores" }, ask.scorecard.map(scoreArea)),
    h("h4", {}, "What they never told you"),
    ask.unsaid.map((person) => h("div", { class: "cb-unsaid" }, portrait(person, "s"),
      h("div", {}, h("strong", {}, person.name), h("div", { html: person.html })))),
    h("p", { class: "cb-note" }, "Play again with another attempt: "
      + `casebook.play("${view.case.id}", attempt=2). Your luck will be different; this play is kept.`));
}

function scoreArea(area) {
  return h("section", { class: "cb-score" },
    h("h5", {}, area.name, h("strong", {}, ` ${area.score}`)),
    h("table", { class: "cb-table" },
      h("caption", { class: "cb-hidden" }, `${area.name}: lines of the scorecard`),
      h("thead", { class: "cb-hidden" }, h("tr", {}, h("th", { scope: "col" }, "Line"),
        h("th", { scope: "col" }, "Points"), h("th", { scope: "col" }, "Value"))),
      h("tbody", {}, area.lines.map((line) => h("tr", {},
        h("th", { scope: "row" }, line.name),
        h("td", { class: "cb-points" }, h("span", { class: "cb-meter", "aria-hidden": "true",
          style: `--at:${line.score}%` }), String(line.score)),
        h("td", {}, line.value))))));
}

// ---- story and documents --------------------------------------------------------------------

function story(room, view) {
  if (!view.story.length) return null;
  return fold(room, "story", `The story so far (${view.story.length} turns)`,
    h("ol", { class: "cb-story" }, view.story.map((turn) => h("li", {},
      fold(room, `story-${turn.turn}`, [`Week ${turn.week}`, turn.engagement, turn.title]
        .filter(Boolean).join(": "),
        h("div", { html: turn.you_html }),
        turn.reactions.map((r) => h("p", {}, h("strong", {}, `${r.name} (${r.band}): `), r.line)),
        turn.why && h("p", { class: "cb-principle" }, turn.why),
        newsList(turn.news, "Then"))))));
}

/** Reading and exhibits never change in a play, so they are made once and moved along. */
function documents(room, view) {
  if (!room.documents) {
    room.documents = fold(room, "documents", "The case: reading and exhibits",
      fold(room, "reading", "The reading", h("div", { class: "cb-text", html: view.reading_html })),
      view.exhibits.map((exhibit) => fold(room, `exhibit-${exhibit.id}`, exhibit.title,
        h("div", { class: "cb-text", tabindex: "0", role: "region", "aria-label": exhibit.title,
          html: exhibit.html }))));
  }
  return room.documents;
}

function yourSide(room, view) {
  return fold(room, "your-side", "You and your own side", [view.you, ...view.colleagues].map(
    (person) => h("div", { class: "cb-who cb-colleague" }, portrait(person, "s"), h("div", {},
      h("strong", {}, person.name), h("p", { class: "cb-sub" }, person.title),
      h("div", { html: person.about_html })))));
}

// ---- the room -------------------------------------------------------------------------------

function ask(room, view) {
  if (view.ask.kind === "plan") return planForm(room, view);
  if (view.ask.kind === "incident") return incidentForm(room, view);
  return end(room, view);
}

function paint(room, view) {
  // The case is read before the first decision, and looked up from then on.
  const reading = documents(room, view);
  room.body.replaceChildren(...[
    head(view),
    view.turn === 0 && h("div", { class: "cb-more cb-first" },
      h("p", {}, h("strong", {}, "Read the case first. "),
        "It takes about twenty minutes; the exhibits repay a second look. Then plan your week."),
      reading),
    h("div", { class: "cb-columns" },
      h("div", { class: "cb-main" }, happened(room, view), ask(room, view)),
      h("div", { class: "cb-side" }, status(room, view))),
    people(room, view),
    h("div", { class: "cb-more" }, view.turn > 0 && reading, story(room, view), yourSide(room, view)),
    h("p", { class: view.saved.ok ? "cb-saved" : "cb-saved cb-unsaved" }, view.saved.text),
  ].filter(Boolean));
  tell(room, view.message);
  room.root.dataset.turn = view.turn;
  room.root.dataset.stage = view.stage;
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

/** Send one action, once; say so when the kernel does not answer. */
function sender(room, model) {
  return (action) => {
    if (room.waiting) return;
    performance.mark("casebook:action");
    room.waiting = setTimeout(() => {
      room.waiting = null;
      busy(room, false);
      tell(room, { level: "error", text: "The notebook's engine is not answering. Your play is "
        + "saved: restart the kernel and run the cell again." });
    }, ANSWER_WITHIN_MS);
    busy(room, true);
    model.send(action);
  };
}

function busy(room, state) {
  room.root.toggleAttribute("data-busy", state);
  const button = room.body.querySelector('[data-action="commit"]');
  // Not `disabled`: a disabled button would drop the focus.
  if (button) button.setAttribute("aria-disabled", String(state));
}

function answered(room, view) {
  clearTimeout(room.waiting);
  room.waiting = null;
  busy(room, false);
  const moved = view.turn !== room.turn;
  room.turn = view.turn;
  paint(room, view);
  if (moved) {
    room.live.textContent = spoken(view);
    const heading = room.body.querySelector(".cb-focus");
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "start", behavior: "auto" });
  } else if (view.message) {
    room.body.querySelector('[data-action="commit"]')?.focus();
  }
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

function render({ model, el }) {
  const room = { id: ++rooms, open: new Set(), draft: null, waiting: null, documents: null };
  room.body = h("div", { class: "cb-body" });
  room.alert = h("p", { class: "cb-message", role: "alert" });
  room.live = h("p", { class: "cb-hidden cb-live", role: "status", "aria-live": "polite" });
  room.root = h("section", { class: "cb-room", "aria-label": "The room",
    "data-jp-suppress-context-menu": true }, room.alert, room.live, room.body);
  guard(room.root);
  room.send = sender(room, model);
  const current = () => ({ ...model.get("fixed"), ...model.get("view") });
  const first = current();
  room.turn = first.turn;
  paint(room, first);
  const listen = () => answered(room, current());
  model.on("change:view", listen);
  el.append(room.root);
  return () => {
    clearTimeout(room.waiting);
    model.off("change:view", listen);
  };
}

export default { render };
