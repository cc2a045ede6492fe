// The end: how it ended, the outcome, the scorecard, and what was never said.

const OUTCOMES = [
  ["renewed", "Contract renewed"], ["follow_on", "Further work agreed"],
  ["reference", "A reference given"], ["delivered", "System delivered"],
];

function endParts(view) {
  const { ask } = view;
  return [
    h("p", { class: "cb-kicker" }, "How it ended"),
    h("h3", { tabindex: "-1", class: "cb-jump-ask" }, ask.ending.title),
    prose("div", { class: "cb-narrative" }, ask.ending.text_html),
    h("ul", { class: "cb-outcome" }, OUTCOMES.map(([key, name]) => {
      const yes = Boolean(ask.outcome[key]);
      return h("li", { data: { outcome: key, yes: String(yes) } },
        h("span", { class: "cb-sign", "aria-hidden": "true" }, yes ? "✓" : "✗"),
        h("span", {}, name, ": ", h("b", {}, yes ? "yes" : "no")));
    })),
    scorecard(ask),
    unsaid(ask.unsaid),
  ];
}

function scorecard({ scorecard: areas, overall }) {
  return h("div", { class: "cb-scorecard" },
    h("h4", {}, "Scorecard"),
    h("p", { class: "cb-overall" }, h("span", { class: "cb-big" }, String(overall)),
      " of 100 overall"),
    h("ul", { class: "cb-areas" }, areas.map((area) => h("li", { data: { area: area.id } },
      h("h5", {}, area.name, " ", h("span", { class: "cb-number" }, String(area.score)),
        hidden(" of 100")),
      bar(area.score, "cb-bar-true"),
      h("ul", { class: "cb-lines" }, area.lines.map((line) => h("li", {},
        h("span", {}, h("b", {}, line.name), ` ${line.value}`, line.note && `. ${line.note}`),
        line.score != null && h("span", { class: "cb-number" }, String(line.score),
          hidden(" of 100")))))))));
}

function unsaid(people) {
  if (!people?.length) return null;
  return h("div", { class: "cb-unsaid" }, h("h4", {}, "What they never said"),
    h("ul", {}, people.map((person) => h("li", {}, drawing(person.portrait, "m"),
      h("div", {}, h("h5", {}, person.name), prose("div", { class: "cb-narrative" }, person.html))))));
}
