// ---- other ways -----------------------------------------------------------------------------

/** The stories of this play: which there are, which is shown, which is laid beside it. */
function branches(room, view) {
  const { branches: ways } = view;
  if (ways.tree.length < 2) return null;
  return h("section", { class: "cb-card cb-ways", "aria-label": t("Ways through this engagement") },
    h("h3", {}, t("Ways through this engagement")),
    h("ul", { class: "cb-tree" }, ways.tree.map((one) => way(room, view, one))),
    view.compare ? sideBySide(room, view.compare) : null);
}

function way(room, view, one) {
  const shown = one.number === view.branches.current;
  const beside = view.compare?.number === one.number;
  const state = one.ended ? t("ended: {state}, {overall} points", one)
    : t("turns: {turns}, {state}", one);
  return h("li", { style: `--depth:${one.depth}`, "data-way": one.number,
    "aria-current": shown ? "true" : null },
  h("span", { class: "cb-way-name" }, h("strong", {}, one.label), ` · ${state}`,
    shown ? h("span", { class: "cb-tag" }, t("shown")) : null),
  shown ? null : h("span", { class: "cb-way-do" },
    button(room, `switch-${one.number}`, t("Go on here"), { do: "switch", branch: one.number },
      { "aria-label": t("Go on here: {label}", one), "data-switch": one.number }),
    button(room, `compare-${one.number}`, beside ? t("Take away") : t("Lay beside"),
      { do: "compare", branch: beside ? null : one.number },
      { "aria-label": beside ? t("Take away: {label}", one) : t("Lay beside: {label}", one),
        "aria-pressed": String(beside), "data-compare": one.number })));
}

function sideBySide(room, both) {
  return h("div", { class: "cb-both", tabindex: "-1", "data-at": "both", role: "region",
    "aria-label": t("Two ways side by side") },
  h("h4", {}, t("{here} and {there}", { here: both.here, there: both.label })),
  h("p", { class: "cb-note" }, both.same
    ? t("Decisions that are the same at the beginning: {n}.", { n: both.same })
    : t("They differ from the first decision on.")),
  h("ol", { class: "cb-rows" }, both.rows.map((row) => h("li", { class: row.differs ? "cb-differs" : null },
    h("p", { class: "cb-row-title" }, h("strong", {}, `${t("Week {week}", row)}: ${row.title}`),
      h("span", { class: "cb-tag" }, row.differs ? `≠ ${t("different")}` : `= ${t("the same decision")}`)),
    h("div", { class: "cb-pair" }, side(room, both.here, row.here), side(room, both.label, row.there))))),
  standing(both));
}

function side(room, label, turn) {
  return h("div", { class: "cb-side-of" }, h("p", { class: "cb-kicker" }, label),
    turn ? h("div", { lang: room.caseLanguage }, h("div", { html: turn.you_html }),
      turn.reactions.map((r) => h("p", { class: "cb-said" },
        h("strong", {}, `${r.name} (${bandWord(r.band)}): `), r.line)))
      : h("p", { class: "cb-note" }, t("This did not happen, or has not yet.")));
}

function standing(both) {
  return [wide(t("How people look at you. {when}.", both), h("table", { class: "cb-table" },
    h("caption", {}, t("How people look at you. {when}.", both)),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("Person and reading")),
      h("th", { scope: "col" }, both.here), h("th", { scope: "col" }, both.label),
      h("th", { scope: "col" }, t("Difference")))),
    h("tbody", {}, both.people.map((person) => person.readings.map((one) => h("tr", {},
      h("th", { scope: "row" }, `${person.name}: ${one.name}`), h("td", {}, number(one.here)),
      h("td", {}, number(one.there)), h("td", {}, arrow(one.arrow), ` ${one.word}`))))))),
  both.scores ? wide(t("Scorecards"), h("table", { class: "cb-table" }, h("caption", {}, t("Scorecards")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("Area")),
      h("th", { scope: "col" }, both.here), h("th", { scope: "col" }, both.label))),
    h("tbody", {}, both.scores.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name),
      h("td", {}, row.here), h("td", {}, row.there)))))) : null];
}
