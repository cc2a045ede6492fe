// ---- the end --------------------------------------------------------------------------------

/** Of an account all systems count, and one decision is taken about all of it. */
const outcomes = (view) => [
  ["delivered", view.engagements.length ? t("All systems went live") : t("The system went live")],
  ["renewed", t("The contract was renewed")],
  ["follow_on", t("Further work was agreed")],
  ["reference", t("Somebody speaks for you in public")]];

function end(room, view) {
  const { ask } = view;
  return h("section", { class: "cb-card cb-ask cb-end", "data-ask": "end", "data-part": "ask",
    "aria-label": t("The end") },
    h("p", { class: "cb-kicker" }, t("The end")),
    h("h3", { tabindex: "-1" }, ask.ending.title),
    h("div", { class: "cb-scene", lang: room.caseLanguage, html: ask.ending.text_html }),
    h("ul", { class: "cb-outcomes" }, outcomes(view).map(([key, text]) => h("li",
      { class: ask.outcome[key] ? "cb-yes" : "cb-no" },
      h("span", { "aria-hidden": "true" }, ask.outcome[key] ? "✓" : "✗"),
      ` ${text}: ${ask.outcome[key] ? t("yes") : t("no")}`))),
    ask.parts.length ? [h("h4", {}, t("How each engagement stands")), ask.parts.map((one) => [
      h("h5", {}, `${one.engagement}: ${one.title}`),
      h("div", { class: "cb-scene", lang: room.caseLanguage, html: one.text_html })])] : null,
    h("h4", {}, t("Scorecard: {n} of 100", { n: ask.overall })),
    h("div", { class: "cb-scores" }, ask.scorecard.map(scoreArea)),
    lookBack(room, view),
    // Each chair tells it again, once they are there.
    view.after ? null : [h("h4", {}, t("What they never told you")),
      ask.unsaid.map((person) => h("div", { class: "cb-unsaid" }, portrait(room, person, "s"),
        h("div", { lang: room.caseLanguage }, h("strong", {}, person.name),
          h("div", { html: person.html }))))],
    h("p", { class: "cb-note" }, t("Play again with another attempt: {code}. Your luck will be "
      + "different; this play is kept.", { code:
        `casebook.play("${view.case.id}", attempt=${view.case.attempt + 1})` })));
}

function scoreArea(area) {
  return h("section", { class: "cb-score" },
    h("h5", {}, area.name, h("strong", {}, ` ${area.score}`)),
    h("table", { class: "cb-table" },
      h("caption", { class: "cb-hidden" }, t("{name}: lines of the scorecard", area)),
      h("thead", { class: "cb-hidden" }, h("tr", {}, h("th", { scope: "col" }, t("Line")),
        h("th", { scope: "col" }, t("Points")), h("th", { scope: "col" }, t("Value")))),
      h("tbody", {}, area.lines.map((line) => h("tr", {},
        h("th", { scope: "row" }, line.name),
        h("td", { class: "cb-points" }, meter(line.score), String(line.score)),
        h("td", {}, line.value))))));
}

function meter(points) {
  return h("span", { class: "cb-meter", "aria-hidden": "true",
    style: `--at:${Math.max(0, Math.min(100, points))}%` });
}
