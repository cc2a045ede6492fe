// ---- what happened --------------------------------------------------------------------------

function happened(room, view) {
  const past = view.happened;
  if (!past) return null;
  const foretold = new Map(past.predictions.map((one) => [one.id, one]));
  const silent = past.predictions.filter(
    (one) => !past.reactions.some((reaction) => reaction.id === one.id));
  return h("section", { class: "cb-card cb-happened", "data-part": "happened",
    "aria-label": t("What happened") },
    h("h3", { tabindex: "-1", class: "cb-focus" }, t("What happened: {title}", past)),
    h("div", { class: "cb-you", lang: room.caseLanguage, html: past.you }),
    past.because && h("p", { class: "cb-note" }, t("Your reason: {because}", past)),
    past.reactions.map((reaction) => reactionCard(room, past, reaction, foretold.get(reaction.id))),
    silent.length ? h("div", { class: "cb-silent" },
      h("h4", {}, t("You also expected something of")),
      h("ul", {}, silent.map((one) => h("li", {}, h("strong", {}, `${one.name}: `), compare(one))))) : null,
    past.why && h("p", { class: "cb-principle" }, h("strong", {}, t("The principle:")), " ", past.why),
    findings(past.findings),
    newsList(past.news, t("In the weeks since")));
}

function reactionCard(room, past, reaction, foretold) {
  return h("article", { class: `cb-reaction cb-band-${reaction.band}`, "data-band": reaction.band,
    "aria-label": reaction.name },
    portrait(room, reaction, "m"),
    h("div", {},
      h("p", { class: "cb-speaker" }, h("strong", {}, reaction.name),
        h("span", { class: "cb-tag" }, bandWord(reaction.band))),
      h("blockquote", { lang: room.caseLanguage }, reaction.line),
      foretold && h("p", { class: "cb-foretold", "data-hit": String(foretold.hit) }, compare(foretold)),
      reaction.moved.length ? h("ul", { class: "cb-moved" }, reaction.moved.map((m) => h("li", {},
        arrow(m.arrow), ` ${m.name}: ${signed(m.change)}, ${m.word}`))) : null,
      reaction.why.length ? fold(room, `why-${past.turn}-${reaction.id}`,
        t("Why? {name}", reaction), reasons(reaction.why)) : null));
}

/** A prediction beside what came: mark, words, never colour alone. */
function compare(one) {
  return [h("span", { class: one.hit ? "cb-yes" : "cb-no" },
    h("span", { "aria-hidden": "true" }, one.hit ? "✓ " : "✗ ")),
  one.hit ? t("As you expected ({sure} % sure): {came}.", { sure: one.sure, came: one.came_text })
    : t("You expected: {expects} ({sure} % sure). It came: {came}.",
      { expects: one.expects_text, sure: one.sure, came: one.came_text })];
}

function newsList(news, title) {
  if (!news.length) return null;
  const marks = { good: "✓", bad: "!", plain: "·" };
  return h("div", { class: "cb-news" }, h("h4", {}, title), h("ul", {}, news.map((item) => h("li",
    { class: `cb-news-${item.tone}` }, h("span", { class: "cb-mark", "aria-hidden": "true" },
      marks[item.tone]), h("strong", {}, `${t("Week {week}", item)}: `), item.text))));
}

/** What a screen reader is told after a turn, without moving through the page. */
function spoken(view) {
  const past = view.happened;
  if (!past) return "";
  const said = past.reactions.map((r) => `${r.name}, ${bandWord(r.band)}: ${r.line}`);
  const hits = past.predictions.filter((one) => one.hit).length;
  const foretold = past.predictions.length
    ? [t("Predictions that came true: {hits} of {n}.", { hits, n: past.predictions.length })] : [];
  const news = past.news.map((item) => `${t("Week {week}", item)}: ${item.text}`);
  return [`${t("What happened: {title}", past)}.`, ...said, ...foretold, ...news].join(" ");
}
