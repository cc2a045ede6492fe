// ---- people ---------------------------------------------------------------------------------

const knownText = (known) => ({
  well: t("You know this person well."),
  partly: t("You know this person in part: readings are rough. Time as friend and politician tells you more."),
  hardly: t("You hardly know this person: readings are a guess. Time as friend and politician tells you more."),
})[known];

function people(room, view) {
  return h("section", { class: "cb-people", "aria-label": t("Who is here"), "data-part": "people" },
    h("h3", {}, t("Who is here")),
    h("div", { class: "cb-grid" }, view.people.map((person) => contact(room, person))));
}

function contact(room, person) {
  return h("article", { class: `cb-card cb-contact cb-known-${person.known}`,
    "data-contact": person.id, "aria-label": person.name },
    h("div", { class: "cb-who" }, portrait(room, person, "m"), h("div", {},
      h("h4", {}, person.name), h("p", { class: "cb-sub" },
        [person.title, person.part, person.engagement].filter(Boolean).join(" · ")))),
    person.says && h("blockquote", { lang: room.caseLanguage }, person.says),
    h("div", { class: "cb-readings" }, person.readings.map(reading)),
    h("p", { class: "cb-known" }, knownText(person.known)),
    person.why && person.why.length
      ? fold(room, `why-${person.id}`, t("Why? Since your last decision"), reasons(person.why)) : null,
    fold(room, `about-${person.id}`, t("About {name}", person),
      h("div", { html: room.about[person.id] || person.about_html })));
}

/** A reading is a best guess and the range in which the truth may lie; the range is said in words. */
function reading(entry) {
  return h("div", { class: "cb-reading" },
    h("span", { class: "cb-reading-name", title: entry.term }, entry.name),
    h("span", { class: "cb-reading-value" }, h("strong", {}, number(entry.value)),
      h("span", { class: "cb-range" }, ` (${t("{low} to {high}", entry)})`)),
    h("span", { class: "cb-range-track", "aria-hidden": "true",
      style: `--low:${entry.low}%;--high:${entry.high}%;--at:${entry.value}%` }),
    h("span", { class: "cb-change" }, arrow(entry.arrow),
      entry.arrow === "level" ? ` ${entry.word}` : ` ${signed(entry.change)}, ${entry.word}`));
}

function reasons(list) {
  return h("ul", { class: "cb-why" }, list.map((reason) => h("li", {},
    h("p", {}, arrow(reason.change > 0 ? "up" : "down"),
      h("strong", {}, ` ${reason.because}`), ` ${reason.effect}`),
    h("p", { class: "cb-principle" }, reason.principle), findings(reason.findings))));
}

function findings(list) {
  if (!list || !list.length) return null;
  return h("ul", { class: "cb-findings" }, list.map((finding) => h("li", {},
    finding.statement, " ", h("cite", {}, finding.citation),
    finding.seen === "recall"
      ? h("span", { class: "cb-tag" }, t("quoted from memory, to be checked")) : null)));
}
