// What can be looked up at any time: the story so far, the case and its exhibits.

const KINDS = { report: "Report", table: "Table", email: "E-mails", minutes: "Minutes",
  contract: "Contract", chart: "Chart" };

function storyParts(view) {
  return [
    h("h3", { tabindex: "-1", class: "cb-jump-story" }, "The story so far"),
    view.story.length === 0 ? h("p", { class: "cb-hint" }, "Nothing has been decided yet.") :
      h("ol", { class: "cb-story" }, view.story.map(storyTurn)),
  ];
}

function storyTurn(turn) {
  return h("li", { data: { turn: turn.turn } },
    details(`story-${turn.turn}`,
      h("span", {}, h("span", { class: "cb-when" }, `Week ${turn.week} · ${turn.phase}`), " ",
        h("b", {}, turn.kind === "plan" ? `Plan: ${turn.title}` : turn.title)),
      { class: "cb-fold" },
      h("div", { class: "cb-story-you" }, h("b", {}, "You"), prose("div", {}, turn.you_html)),
      turn.reactions.map((r) => h("blockquote", { class: "cb-says" },
        h("p", {}, r.line), h("footer", {}, `${r.name}, ${BAND[r.band] ?? r.band}`))),
      turn.why && h("p", { class: "cb-principle" }, turn.why),
      newsList(turn.news)));
}

function documentParts(view, room) {
  const back = () => h("button", { type: "button", class: "cb-chip", data: { action: "back" },
    onclick: () => jump(room, "ask") }, "Back to your decision");
  const page = (key, kind, title, content) => details(`document-${key}`,
    h("span", {}, h("span", { class: "cb-kind" }, kind), " ", h("b", {}, title)),
    { class: "cb-fold cb-document", data: { document: key } }, content, back());
  return [
    h("h3", { tabindex: "-1", class: "cb-jump-documents" }, "The case and its exhibits"),
    page("reading", "Case", view.case.title, prose("div", { class: "cb-paper" }, view.reading_html)),
    view.exhibits.map((exhibit) => page(exhibit.id, KINDS[exhibit.kind] ?? "Exhibit", exhibit.title,
      prose("div", { class: `cb-paper cb-${exhibit.kind}` }, exhibit.html))),
  ];
}

function openDocument(room, key) {
  const page = room.root.querySelector(`[data-document="${key}"]`);
  page.open = true;
  reveal(page.querySelector("summary"));
}
