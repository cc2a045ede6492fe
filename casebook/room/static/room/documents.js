// ---- story and documents --------------------------------------------------------------------

function story(room, view) {
  if (!view.story.length) return null;
  const { allowed, why_not: why } = view.branches;
  return fold(room, "story", t("The story so far (turns: {n})", { n: view.story.length }),
    allowed ? null : h("p", { class: "cb-note" }, why),
    h("ol", { class: "cb-story" }, view.story.map((turn) => h("li", {},
      fold(room, `story-${turn.turn}`, [t("Week {week}", turn), turn.engagement, turn.title]
        .filter(Boolean).join(": "),
        h("div", { lang: room.caseLanguage, html: turn.you_html }),
        turn.reactions.map((r) => h("p", { lang: room.caseLanguage },
          h("strong", {}, `${r.name} (${bandWord(r.band)}): `), r.line)),
        turn.predictions.map((one) => h("p", { class: "cb-foretold" }, `${one.name}: `, compare(one))),
        turn.because && h("p", { class: "cb-note" }, t("Your reason: {because}", turn)),
        turn.why && h("p", { class: "cb-principle" }, turn.why),
        newsList(turn.news, t("Then")),
        allowed ? button(room, `branch-${turn.turn}`, t("Go back here and try another way"),
          { do: "branch", from: turn.turn }, { "data-branch": turn.turn,
            "aria-label": t("Go back to turn {turn}, {title}, and try another way", turn) })
          : null)))));
}

/** Reading and exhibits never change in a play, so they are made once and moved along. */
function documents(room, view) {
  if (!room.documents) {
    room.documents = fold(room, "documents", t("The case: reading and exhibits"),
      fold(room, "reading", t("The reading"), h("div", { class: "cb-text", lang: room.caseLanguage,
        html: view.reading_html })),
      view.exhibits.map((exhibit) => fold(room, `exhibit-${exhibit.id}`, exhibit.title,
        h("div", { class: "cb-text", tabindex: "0", role: "region", "aria-label": exhibit.title,
          lang: room.caseLanguage, html: exhibit.html }))));
  }
  return room.documents;
}

function yourSide(room, view) {
  return fold(room, "your-side", t("You and your own side"), [view.you, ...view.colleagues].map(
    (person) => h("div", { class: "cb-who cb-colleague" }, portrait(room, person, "s"), h("div", {},
      h("strong", {}, person.name), h("p", { class: "cb-sub" }, person.title),
      h("div", { lang: room.caseLanguage, html: person.about_html })))));
}

/** The foot of the room: whether it is saved, the language, and the guide. */
function foot(room, view) {
  const tongues = Object.entries(view.languages);
  return h("footer", { class: "cb-foot" },
    h("p", { class: view.saved.ok ? "cb-saved" : "cb-saved cb-unsaved" }, view.saved.text),
    h("div", { class: "cb-foot-do" },
      tongues.length > 1 ? h("label", { class: "cb-language" }, t("Language"), " ",
        h("select", { "data-at": "language", "data-action": "language",
          onchange: (event) => room.send({ do: "language", language: event.target.value }) },
        tongues.map(([code, name]) => h("option", { value: code, lang: code,
          selected: code === view.language }, name)))) : null,
      h("button", { type: "button", class: "cb-button", "data-at": "guide", "data-action": "guide",
        onclick: () => openGuide(room) }, t("Show the guide"))));
}
