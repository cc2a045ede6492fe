// ---- where we are ---------------------------------------------------------------------------

function head(room, view) {
  const { where } = view;
  const weeks = where.last_week - where.first_week + 1;
  const done = view.stage === "end" ? weeks : Math.min(where.week - where.first_week, weeks);
  return h("header", { class: "cb-head", "data-part": "where" },
    h("p", { class: "cb-kicker" }, t("{firm} for {client}", view.case)),
    h("h2", {}, view.case.title),
    h("p", { class: "cb-week" },
      h("strong", {}, view.stage === "end" ? t("After week {week}", { week: where.last_week })
        : t("Week {week}", where)),
      ` · ${t("phase {number} of {of}: {title}", where.phase)}`,
      view.engagements.length ? null : ` · ${goLive(where)}`),
    h("div", { class: "cb-strip", "aria-hidden": "true", style: `--done:${(100 * done) / weeks}%` },
      (view.engagements.length ? view.engagements : [where]).map((one) => h("i",
        { style: `left:${(100 * (one.go_live - where.first_week + 1)) / weeks}%` }))));
}

function goLive(project) {
  return project.live ? t("live since week {live}", project)
    : t("{days} working days to go-live (week {week})",
      { days: project.days_left, week: project.go_live });
}

const terms = () => [
  ["pv", "PV", t("planned value: what should be done by now")],
  ["ev", "EV", t("earned value: what is done, at its planned cost")],
  ["ac", "AC", t("actual cost so far")],
  ["spi", "SPI", t("EV ÷ PV; below 1 is behind the plan")],
  ["cpi", "CPI", t("EV ÷ AC; below 1 costs more than planned")],
  ["eac", "EAC", t("what the whole will cost if it goes on like this")],
];

function status(room, view) {
  const several = view.engagements.length > 0;
  return h("section", { class: "cb-card cb-status", "aria-label": t("Where we are") },
    h("h3", {}, t("Where we are")),
    several ? view.engagements.map((one) => h("section", { class: "cb-engagement",
      "data-engagement": one.id },
      h("h4", {}, one.title),
      h("p", { class: "cb-note" }, `${t("{share} % of your week (needs {need} %)", one)} · ${goLive(one)}`),
      project(room, one, `earned-value-${one.id}`)))
      : project(room, view.where, "earned-value"),
    promises(view.where));
}

function project(room, where, key) {
  const columns = [where.reported, where.measured];
  const rows = terms().map(([term, name, meaning]) => h("tr", {},
    h("th", { scope: "row" }, h("abbr", { title: meaning }, name)),
    columns.map((column) => h("td", {}, number(column[term])))));
  const gap = where.reported.progress - where.measured.progress;
  return [
    h("div", { class: "cb-bars" },
      bar(t("Planned"), where.reported.planned, "plan"),
      bar(where.reported.label, where.reported.progress, "told"),
      bar(where.measured.label, where.measured.progress, "true")),
    gap > 0 && h("p", { class: "cb-note" },
      t("{gap} % of the scope counts as done and has not passed its tests.", { gap })),
    fold(room, key, t("Earned value"),
      h("table", { class: "cb-table" },
        h("caption", {}, t("Money in {unit} {currency}",
          { unit: where.money_unit, currency: where.currency })),
        h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, t("reported")),
          h("th", { scope: "col" }, t("measured")))),
        h("tbody", {}, rows)),
      h("dl", { class: "cb-terms" }, terms().map(([, name, meaning]) => [
        h("dt", {}, name), h("dd", {}, meaning)]))),
  ];
}

function bar(label, percent, kind) {
  return h("div", { class: `cb-bar cb-bar-${kind}` },
    h("span", { class: "cb-bar-label" }, label), h("span", { class: "cb-bar-value" }, `${percent} %`),
    h("span", { class: "cb-bar-track", "aria-hidden": "true" },
      h("span", { style: `width:${Math.min(percent, 100)}%` })));
}

function promises(where) {
  if (!where.promises.length) return null;
  const mark = (p) => ({ open: t("due in week {due}", p), kept: `✓ ${t("kept")}`,
    broken: `✗ ${t("not kept")}` })[p.state];
  return h("div", {}, h("h4", {}, t("Your promises")),
    h("ul", { class: "cb-promises" }, where.promises.map((p) => h("li", { class: `cb-${p.state}` },
      h("strong", {}, p.to), `: ${p.what} `, h("span", { class: "cb-tag" }, mark(p))))));
}
