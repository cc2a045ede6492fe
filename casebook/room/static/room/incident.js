// ---- what you do: an incident ---------------------------------------------------------------

function incidentForm(room, view) {
  const { ask } = view;
  const name = `cb-${room.id}-${view.turn}`;
  const draft = incidentDraft(room, view);
  const hint = h("p", { class: "cb-hint", role: "alert" });
  const choose = t("Choose what you do first.");
  const form = h("form", { class: "cb-card cb-ask", "data-ask": "incident", "data-part": "ask",
    novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      const picked = form.querySelector(".cb-choice input:checked");
      if (!picked) {
        hint.textContent = choose;
        form.querySelector(".cb-choice input").focus();
        return;
      }
      room.send({ do: "respond", turn: view.turn, incident: ask.id, response: picked.value,
        ...foretold(draft) });
    } },
  h("p", { class: "cb-kicker" }, [t("Week {week}", ask), t("incident"), ask.engagement]
    .filter(Boolean).join(" · ")),
  h("h3", { tabindex: "-1" }, ask.title),
  h("div", { class: "cb-who" }, portrait(room, ask.from, "m"), h("div", {},
    h("strong", {}, ask.from.name), h("p", { class: "cb-sub" }, ask.from.side === "own"
      ? t("{title}, your own side", ask.from) : ask.from.title))),
  h("div", { class: "cb-scene", lang: room.caseLanguage, html: ask.scene_html }),
  hints(room, view),
  h("fieldset", {}, h("legend", {}, t("What do you do?")),
    ask.responses.map((response) => h("label", { class: "cb-choice", lang: room.caseLanguage },
      h("input", { type: "radio", name, value: response.id, "data-response": response.id,
        "data-at": `response-${response.id}`, checked: response.id === draft.response,
        onchange: () => {
          draft.response = response.id;
          hint.textContent = "";
        } }),
      h("span", { html: response.say_html })))),
  ask.predict ? predictions(room, view, draft) : null,
  hint,
  h("button", { type: "submit", class: "cb-button cb-primary", "data-action": "commit" },
    t("Do this")));
  return form;
}

/** What the student has chosen and said so far; it outlives a repaint, such as that for a hint. */
function incidentDraft(room, view) {
  if (room.draft?.turn !== view.turn || !room.draft.said) {
    room.draft = { turn: view.turn, response: null, said: {}, because: "" };
  }
  return room.draft;
}

function foretold(draft) {
  const made = Object.entries(draft.said).filter(([, one]) => one.expects)
    .map(([contact, one]) => ({ contact, expects: one.expects, sure: one.sure }));
  return { ...(made.length ? { predictions: made } : {}),
    ...(draft.because.trim() ? { because: draft.because } : {}) };
}

/** Commit, then reveal: how each contact will take it, how sure one is, and why. */
function predictions(room, view, draft) {
  const asked = view.rules.predict === "asked";
  const body = [
    h("p", { class: "cb-note" }, t("Say it before you see it. At the end you learn how well you read "
      + "your clients, and how well you know what you know.")),
    view.ask.predict.people.map((person) => prediction(view, draft, person)),
    h("label", { class: "cb-because" }, t("Why do you expect this?"),
      h("textarea", { rows: 2, maxlength: 2000, "data-at": "because",
        oninput: (event) => { draft.because = event.target.value; } }, draft.because)),
  ];
  return asked
    ? h("fieldset", { class: "cb-predict" },
      h("legend", {}, t("First say how each of them will take it")), body)
    : fold(room, "predict", t("First say how they will take it (if you like)"),
      h("div", { class: "cb-predict" }, body));
}

function prediction(view, draft, person) {
  const { choices, sure } = view.ask.predict;
  // No certainty is chosen beforehand: whatever stood there would be taken over.
  const said = draft.said[person.id] || { expects: "", sure: 0 };
  const keep = (change) => { draft.said[person.id] = Object.assign(said, change); };
  return h("div", { class: "cb-prediction", role: "group", "aria-label": person.name },
    h("strong", {}, person.name),
    h("label", {}, h("span", { class: "cb-hidden" }, t("What do you expect of {name}?", person)),
      h("select", { "data-predict": person.id, "data-at": `predict-${person.id}`,
        onchange: (event) => keep({ expects: event.target.value }) },
      h("option", { value: "" }, t("no prediction")),
      Object.entries(choices).map(([key, text]) => h("option",
        { value: key, selected: key === said.expects }, text)))),
    h("label", {}, h("span", { class: "cb-hidden" }, t("How sure are you of {name}?", person)),
      h("select", { "data-sure": person.id, "data-at": `sure-${person.id}`,
        onchange: (event) => keep({ sure: Number(event.target.value) }) },
      h("option", { value: 0 }, t("how sure?")),
      sure.map((n, i) => h("option", { value: n, selected: n === said.sure },
        i ? t("{n} % sure", { n }) : t("{n} %: a guess", { n }))))));
}

/** Hints, opened one after the other. */
function hints(room, view) {
  const { hints: shown } = view.ask;
  if (!shown) return null;
  const next = shown.open.length + 1;
  return h("section", { class: "cb-hints", "aria-label": t("Hints") },
    shown.open.map((text, i) => h("div", { class: "cb-hint-text", tabindex: "-1",
      "data-at": `hint-${i + 1}`, "data-hint": i + 1 },
      h("h4", {}, t("Hint {n} of {of}: {name}", { n: i + 1, of: shown.of, name: shown.names[i] })),
      h("div", { html: text }))),
    next <= shown.of ? h("p", { class: "cb-note" },
      button(room, "hint", t("Open hint {n} of {of}", { n: next, of: shown.of }),
        { do: "hint", turn: view.turn, tier: next }, { "data-action": "hint", "data-next": next }),
      " ", shown.note) : null);
}
