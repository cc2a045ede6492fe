// Who is here: what each contact says, and how they look at you, as far as you can know.

const KNOWN = {
  well: ["You read this person well", "The readings are close."],
  partly: ["You read this person in part", "The readings are estimates."],
  hardly: ["You hardly know this person", "The readings are guesses. Time as friend and politician narrows them."],
};
const ABOUT = { well: "", partly: "about ", hardly: "perhaps " };

function peopleParts(view) {
  return [
    h("h3", { tabindex: "-1", class: "cb-jump-people" }, view.case.client),
    h("ul", { class: "cb-people" }, view.people.map((person) => personCard(person, view.turn))),
    ownSide(view),
  ];
}

function personCard(person, turn) {
  const [known, meaning] = KNOWN[person.known] ?? KNOWN.hardly;
  return h("li", { class: "cb-person", data: { person: person.id, known: person.known } },
    h("div", { class: "cb-who" }, drawing(person.portrait, "m"),
      h("div", {}, h("h4", {}, person.name),
        h("p", { class: "cb-title" }, `${person.title}, ${person.part}`))),
    person.says && h("blockquote", { class: "cb-says" }, h("p", {}, person.says)),
    h("dl", { class: "cb-readings" }, person.readings.map((r) => reading(r, person.known, turn))),
    details(`person-${person.id}`, "More about this person", { class: "cb-more" },
      prose("div", {}, person.about_html), h("p", {}, `${known}. ${meaning}`),
      turn > 0 && person.why?.length > 0 && [h("h5", {}, "Since your last decision"),
        reasonList(person.why)]));
}

/** A reading with its uncertainty: the band is where the truth may lie, the mark the best guess. */
function reading(r, known, turn) {
  return h("div", { class: "cb-reading", data: { reading: r.id } },
    h("dt", {}, r.name, r.term !== r.name.toLowerCase() && hidden(` (${r.term})`)),
    h("dd", {},
      h("span", { class: "cb-line" },
        h("span", { class: "cb-value" }, `${ABOUT[known] ?? ""}${r.value}`),
        turn > 0 && changeMark(r)),
      h("span", { class: "cb-track", "aria-hidden": "true" },
        h("span", { class: "cb-band", style: { left: `${r.low}%`, width: `${r.high - r.low}%` } }),
        h("span", { class: "cb-point", style: { left: `${r.value}%` } })),
      h("span", { class: "cb-range" }, `between ${r.low} and ${r.high} of 100`)));
}

function ownSide(view) {
  const people = [{ ...view.you, name: `${view.you.name} (you)` }, ...view.colleagues];
  return details("own-side", `Your own side: ${view.case.firm}`, { class: "cb-fold" },
    h("ul", { class: "cb-own" }, people.map((person) => h("li", {},
      drawing(person.portrait, "s"),
      h("div", {}, h("h4", {}, person.name), h("p", { class: "cb-title" }, person.title),
        prose("div", { class: "cb-about" }, person.about_html))))));
}

/** What moved somebody: the belief, because of what, by which rule, found by whom. */
function reasonList(reasons) {
  return h("ul", { class: "cb-reasons" }, reasons.map((reason) => {
    const arrow = reason.change > 0 ? "up" : reason.change < 0 ? "down" : "level";
    return h("li", {},
      h("p", {}, h("b", {}, capital(reason.belief)), " ",
        changeMark({ change: reason.change, arrow, word: reason.word })),
      h("p", {}, reason.because),
      h("p", { class: "cb-principle" }, hidden("Principle: "), reason.principle),
      findingList(reason.findings));
  }));
}

function findingList(findings) {
  if (!findings?.length) return null;
  return h("ul", { class: "cb-findings" }, findings.map((finding) => h("li", {},
    finding.statement, " ", h("cite", {}, finding.citation),
    finding.seen === "recall" && h("span", { class: "cb-recall" },
      " Quoted from memory, to be checked."))));
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
