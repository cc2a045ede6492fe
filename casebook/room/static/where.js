// Where we are: week, days left, status as reported and as measured, promises.

const MEASURES = [
  ["pv", "PV", "Planned value", "what should be done by now, at its planned cost"],
  ["ev", "EV", "Earned value", "what is done, at its planned cost"],
  ["ac", "AC", "Actual cost", "what has been spent so far"],
  ["spi", "SPI", "Schedule index", "EV divided by PV; below 1 means behind plan"],
  ["cpi", "CPI", "Cost index", "EV divided by AC; below 1 means over cost"],
  ["bac", "BAC", "Budget at completion", "what the whole should cost"],
  ["eac", "EAC", "Estimate at completion", "what the whole will cost at this rate: BAC divided by CPI"],
];

function whereParts(view) {
  const where = view.where;
  return [
    timeline(where),
    h("dl", { class: "cb-tiles" },
      tile("Now", `Week ${where.week}`,
        `Phase ${where.phase.number} of ${where.phase.of}: ${where.phase.title}, to week ` +
        `${where.phase.last_week}`),
      goLiveTile(where), progressTile(where), promisesTile(where)),
    earnedValue(where),
  ];
}

function tile(name, big, small, more) {
  return h("div", { class: "cb-tile" }, h("dt", {}, name),
    h("dd", {}, big && h("span", { class: "cb-big" }, big), small && h("span", {}, small), more));
}

function goLiveTile(where) {
  if (where.live != null) {
    return tile("Go-live", `Live in week ${where.live}`, `Agreed: week ${where.go_live}`);
  }
  return tile("Go-live", plural(where.days_left, "working day"),
    `to the agreed go-live in week ${where.go_live}`);
}

/** Planned, reported and tested, one under the other: the gap between them is the story. */
function progressTile({ reported, measured }) {
  const same = reported.progress === measured.progress;
  const rows = [["Planned", measured.planned, "plan"]];
  if (!same) rows.push(["Reported", reported.progress, "told"]);
  rows.push([same ? "Reported, tested" : "Passed tests", measured.progress, "true"]);
  const bars = h("span", { class: "cb-bars" }, rows.map(([name, share, kind]) =>
    h("span", { class: "cb-bar-row" }, h("span", {}, name), bar(share, `cb-bar-${kind}`),
      h("span", { class: "cb-number" }, `${share} %`))));
  return tile("Progress", null, null, bars);
}

function bar(share, kind) {
  return h("span", { class: "cb-bar", "aria-hidden": "true" },
    h("span", { class: kind, style: { width: `${Math.max(0, Math.min(share, 100))}%` } }));
}

function promisesTile({ promises, week }) {
  const open = promises.filter((promise) => promise.state === "open");
  const text = open.length === 0 ? "None open" : `${open.length} open`;
  const list = promises.length > 0 && h("ul", { class: "cb-promises" },
    promises.map((promise) => h("li", { data: { state: promise.state } },
      h("span", { class: "cb-state" }, promiseState(promise, week)),
      ` ${promise.what}, to ${promise.to}`)));
  return tile("Your promises", text, null, list);
}

function promiseState({ state, due }, week) {
  if (state === "kept") return "✓ Kept:";
  if (state === "broken") return "✗ Not kept:";
  return due <= week ? `Due this week:` : `Due week ${due}:`;
}

function timeline({ week, first_week: first, last_week: last, go_live: live }) {
  const weeks = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const kind = (n) => [n < week ? "cb-past" : "", n === week ? "cb-now" : "",
    n === live ? "cb-golive" : ""].join(" ");
  return h("div", { class: "cb-timeline", "aria-hidden": "true" },
    h("div", { class: "cb-weeks" }, weeks.map((n) => h("span", { class: kind(n) },
      n === week ? h("b", {}, `Week ${n}`) : n === live ? h("i", {}, `Go-live ${n}`) : null))));
}

function earnedValue(where) {
  const { reported, measured, currency, money_unit: unit } = where;
  const same = MEASURES.every(([key]) => reported[key] === measured[key]);
  const columns = same ? [measured] : [reported, measured];
  const table = h("table", { class: "cb-ev" },
    h("caption", {}, `Money in ${unit} ${currency}, at the end of week ${where.week - 1}` +
      (same ? ". You report what has passed its tests, so both views are the same." : ".")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Measure"),
      columns.map((column) => h("th", { scope: "col" }, column.label)))),
    h("tbody", {}, MEASURES.map((measure) => measureRow(measure, columns))));
  return details("earned-value", h("span", {}, h("b", {}, "Status in full"), ` ${summary(where)}`),
    { class: "cb-fold" }, table);
}

function measureRow([key, short, name, meaning], columns) {
  const index = key === "spi" || key === "cpi";
  return h("tr", {},
    h("th", { scope: "row" }, h("abbr", { title: name }, short), ` ${name}`,
      h("span", { class: "cb-meaning" }, meaning)),
    columns.map((column) => h("td", { class: "cb-number" },
      index ? column[key].toFixed(2) : money.format(column[key]),
      index && h("span", { class: "cb-meaning" }, indexWord(key, column[key])))));
}

function indexWord(key, value) {
  const points = Math.round(Math.abs(1 - value) * 100);
  if (points < 1) return key === "spi" ? "on plan" : "on cost";
  const words = key === "spi" ? ["ahead of plan", "behind plan"] : ["under cost", "over cost"];
  return `${points} % ${words[value < 1 ? 1 : 0]}`;
}

function summary({ reported, measured }) {
  const line = (name, v) => `${name}: SPI ${v.spi.toFixed(2)}, CPI ${v.cpi.toFixed(2)}`;
  const tested = line("passed tests", measured);
  return reported.spi === measured.spi ? tested : `${line("reported", reported)}; ${tested}`;
}
