// An incident: the scene, who speaks, and what you can do. Choosing commits to nothing; one button
// does.

const WEIGHT = { 1: "worth a thought", 2: "matters", 3: "matters a great deal" };

function incidentParts(view, room) {
  const { ask } = view;
  const name = `cb-${room.id}-response-${view.turn}`;
  const fieldset = h("fieldset", { class: "cb-responses" },
    h("legend", {}, "What do you do?"),
    ask.responses.map((response) => responseCard(response, name)));
  const chosen = () => fieldset.querySelector("input:checked")?.value;
  return [
    h("h3", { tabindex: "-1", class: "cb-jump-ask" }, ask.title),
    h("p", { class: "cb-when" }, `Week ${ask.week} · ${WEIGHT[ask.weight] ?? WEIGHT[1]}`),
    h("div", { class: "cb-scene" },
      h("div", { class: "cb-speaker" }, drawing(ask.from.portrait, "l"),
        h("p", {}, h("b", {}, ask.from.name), h("span", { class: "cb-title" }, ask.from.title),
          h("span", { class: "cb-tag" }, ask.from.side === "own" ? view.case.firm : "client"))),
      prose("div", { class: "cb-narrative" }, ask.scene_html)),
    fieldset,
    commitBar(room, "Commit to this response", () => {
      const response = chosen();
      if (!response) return { missing: "Choose a response first.", focus: fieldset.querySelector("input") };
      return { action: { do: "respond", turn: room.view.turn, incident: ask.id, response } };
    }),
  ];
}

function responseCard(response, name) {
  return h("label", { class: "cb-response", data: { response: response.id } },
    h("input", { type: "radio", name, value: response.id }),
    h("span", { class: "cb-choice" }, phrase({ class: "cb-say" }, response.say_html),
      h("span", { class: "cb-plays" }, hidden("Roles: "), response.roles.map((role) =>
        h("span", { class: "cb-dot", data: { role: role.toLowerCase() } }, role)))));
}

/** The one button that takes a decision. `read` gives the action, or what is missing for it. */
function commitBar(room, label, read) {
  const hint = h("p", { class: "cb-commit-hint", role: "status" });
  const button = h("button", { type: "button", class: "cb-commit", data: { action: "commit" },
    onclick: (event) => {
      // The second half of a double click belongs to what was here before.
      if (event.detail > 1 || room.pending) return;
      const { action, missing, focus } = read();
      hint.textContent = missing ?? "";
      if (missing) focus?.focus();
      else sendAction(room, action, button, hint);
    } }, label);
  return h("div", { class: "cb-commit-bar" }, button, hint);
}
