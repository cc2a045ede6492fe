// ---- looking back ---------------------------------------------------------------------------

/** What is reckoned after the end; the room asks for it once, when it is first shown. */
function lookBack(room, view) {
  const { after } = view;
  if (!after) {
    // The button is for when the comparing was cut short, by a kernel that was started anew, say.
    return h("p", { class: "cb-note", "data-after": "waiting" },
      t("Your play is being compared with others on the same luck …"), " ",
      button(room, "look-back", t("Compare now"), { do: "look-back" }));
  }
  return h("div", { class: "cb-after", "data-after": "there" },
    h("p", {}, button(room, "report", t("Download my report"), { do: "report" },
      { "data-action": "report" }), " ", h("span", { class: "cb-note" },
      t("One file that opens in any browser, and prints well."))),
    benchmarks(after.benchmarks), turningPoints(room, after.turning_points),
    calibration(room, after.calibration), chairs(room, after.chairs));
}

function benchmarks(list) {
  return [h("h4", {}, t("Other managers on the same luck")),
    wide(t("Other managers on the same luck"), h("table", { class: "cb-table cb-benchmarks" },
      h("caption", {}, t("Named managers with fixed habits, played on exactly your luck")),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("Manager")),
        h("th", { scope: "col" }, t("Overall")), h("th", { scope: "col" }, t("Ending")))),
      h("tbody", {}, list.map((one) => h("tr", { class: one.you ? "cb-own" : null },
        h("th", { scope: "row" }, one.name),
        h("td", { class: "cb-points" }, meter(one.overall), String(one.overall)),
        h("td", {}, one.ending))))))];
}

const SHOWN = 3;

function turningPoints(room, list) {
  if (!list.length) return null;
  const item = (one) => h("li", {}, h("strong", {}, `${t("Week {week}", one)}: ${one.title}. `),
    one.text, h("ul", { class: "cb-note" },
      h("li", {}, t("What you did:"), " ", h("span", { lang: room.caseLanguage }, one.chose)),
      h("li", {}, t("The best other way:"), " ", h("span", { lang: room.caseLanguage }, one.other))));
  return [h("h4", {}, t("Turning points")),
    h("p", { class: "cb-note" }, t("The decisions that mattered most, found by playing their "
      + "alternatives many times.")),
    h("ol", { class: "cb-turning" }, list.slice(0, SHOWN).map(item)),
    list.length > SHOWN ? fold(room, "turning", t("All decisions"),
      h("ol", { class: "cb-turning", start: SHOWN + 1 }, list.slice(SHOWN).map(item))) : null];
}

function calibration(room, found) {
  if (!found) return null;
  return [h("h4", {}, t("How well you read your clients")),
    h("p", {}, found.text),
    h("figure", { class: "cb-picture" }, h("div", { html: found.svg })),
    fold(room, "calibration", t("The figures"),
      h("table", { class: "cb-table" },
        h("caption", {}, t("Predictions by how sure you were")),
        h("thead", {}, h("tr", {}, [t("You said"), t("On average"), t("Came true"), t("Number")]
          .map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, found.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.sure),
          h("td", {}, `${row.said} %`), h("td", {}, `${row.came} %`), h("td", {}, row.n))))))];
}

/** The engagement from each contact's side. */
function chairs(room, list) {
  return [h("h4", {}, t("From the client's chair")),
    h("p", { class: "cb-note" }, t("What each of them saw, believed and wanted, and what they would "
      + "have said of you in private.")),
    list.map((one) => fold(room, `chair-${one.id}`, t("{name}'s side", one),
      h("div", { class: "cb-chair", "data-chair": one.id },
        h("div", { class: "cb-who" }, portrait(room, one, "m"), h("div", {},
          h("strong", {}, one.name), h("p", { class: "cb-sub" }, one.title))),
        h("div", { class: "cb-private", html: one.private_html }),
        h("h5", {}, t("What they wanted")), h("ul", {}, one.wanted.map((text) => h("li", {}, text))),
        h("h5", {}, t("What they believed of you")),
        h("table", { class: "cb-table" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, ""),
          h("th", { scope: "col" }, t("at the start")), h("th", { scope: "col" }, t("at the end")))),
        h("tbody", {}, one.believed.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name),
          h("td", {}, number(row.start)), h("td", {}, number(row.end)))))),
        h("h5", {}, t("What they saw")),
        h("ol", { class: "cb-story" }, one.turns.map((turn) => h("li", {},
          h("strong", {}, `${t("Week {week}", turn)}: ${turn.title}. `),
          h("span", { lang: room.caseLanguage }, turn.saw), " ", h("em", {}, turn.believed)))),
        h("h5", {}, t("What they never told you")),
        h("div", { lang: room.caseLanguage, html: one.unsaid_html }))))];
}
