// What happened: the client's answer in their own words, what moved, and why. Before the first
// decision, what to do before you begin.

const BAND = { warm: "warm", wary: "wary", cold: "cold" };
const TONE = { good: ["✓", "good news"], bad: ["!", "bad news"], plain: ["·", ""] };

function happenedParts(view, room) {
  const done = view.happened;
  if (!done) return welcome(view, room);
  return [
    h("h3", { tabindex: "-1", class: "cb-jump-happened" },
      h("span", { class: "cb-kicker" }, "What happened "), done.title),
    h("p", { class: "cb-when" }, `Week ${done.week} · decision ${done.turn}`),
    h("div", { class: "cb-you" }, drawing(view.you.portrait, "s"),
      h("div", {}, h("p", { class: "cb-name" }, "You"), prose("div", {}, done.you))),
    done.reactions.map(reaction),
    done.kind === "plan" && done.reactions.length === 0 && h("p", { class: "cb-hint" },
      "Nobody answers a plan. People see what comes of it."),
    (done.why || done.findings?.length > 0) && details(`why-${done.turn}`,
      "Why? The principle behind your choice", { class: "cb-more cb-why" },
      done.why && h("p", { class: "cb-principle" }, done.why), findingList(done.findings)),
    newsList(done.news),
  ];
}

function reaction(r) {
  return h("div", { class: "cb-reaction", data: { person: r.id, band: r.band } },
    drawing(r.portrait, "m"),
    h("div", { class: "cb-bubble" },
      h("p", { class: "cb-name" }, h("b", {}, r.name), h("span", { class: "cb-title" }, r.title),
        h("span", { class: "cb-tag" }, BAND[r.band] ?? r.band)),
      h("blockquote", {}, h("p", {}, r.line)),
      r.moved.length > 0 ? h("ul", { class: "cb-moved" }, r.moved.map((m) =>
        h("li", {}, `${m.name}: `, changeMark(m)))) :
        h("p", { class: "cb-hint" }, "Nothing that you could notice has moved."),
      r.why.length > 0 && details(`why-${r.id}`,
        h("span", {}, "Why?", hidden(` What moved ${r.name}`)), { class: "cb-more cb-why" },
        reasonList(r.why))));
}

function newsList(news) {
  if (!news?.length) return null;
  return h("div", { class: "cb-news" }, h("h4", {}, "Meanwhile"),
    h("ul", {}, news.map((item) => {
      const [sign, word] = TONE[item.tone] ?? TONE.plain;
      return h("li", { data: { tone: item.tone } },
        h("span", { class: "cb-sign", "aria-hidden": "true" }, sign),
        h("span", {}, h("b", {}, `Week ${item.week}`), word && hidden(`, ${word}`), ` ${item.text}`));
    })));
}

/** The reactions as one text for the live region. */
function spoken(done) {
  const lines = done.reactions.map((r) => `${r.name}: “${r.line}” ` + (r.moved.length === 0 ? "" :
    `${r.moved.map((m) => `${m.name} ${m.word}, ${signed(m.change)}`).join("; ")}.`));
  const news = done.news.map((item) => `Week ${item.week}: ${item.text}`);
  return [...lines, ...news].join(" ") || `Done: ${done.title}.`;
}

function welcome(view, room) {
  return [
    h("div", { class: "cb-welcome" }, drawing(view.you.portrait, "l"),
      h("div", {}, h("h3", { tabindex: "-1", class: "cb-jump-happened" }, `You are ${view.you.name}`),
        h("p", { class: "cb-title" }, view.you.title),
        prose("div", { class: "cb-narrative" }, view.you.about_html),
        h("p", {}, "Read the case and its exhibits before you decide anything. They stay within " +
          "reach to the end. Every decision is final, and saved the moment you take it."),
        h("button", { type: "button", class: "cb-chip", data: { action: "read" },
          onclick: () => openDocument(room, "reading") }, "Read the case"))),
  ];
}
