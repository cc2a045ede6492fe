// ---- what you do: the attention plan --------------------------------------------------------

const STEP = 5;

/** Shares after one role gets `value`: the others give or take in proportion; they sum to 100. */
export function rebalance(shares, id, value) {
  const fixed = Math.max(0, Math.min(100, Math.round(value)));
  const others = Object.keys(shares).filter((key) => key !== id);
  const left = 100 - fixed;
  const sum = others.reduce((total, key) => total + shares[key], 0);
  const exact = others.map((key) => (sum ? (shares[key] * left) / sum : left / others.length));
  const next = { ...shares, [id]: fixed };
  others.forEach((key, i) => (next[key] = Math.floor(exact[i])));
  let missing = left - others.reduce((total, key) => total + next[key], 0);
  const order = others.map((key, i) => [exact[i] - Math.floor(exact[i]), key])
    .sort((a, b) => b[0] - a[0]);
  for (let i = 0; missing > 0; i = (i + 1) % order.length, missing--) next[order[i][1]] += 1;
  return next;
}

function planForm(room, view) {
  const { ask } = view;
  let shares = room.draft?.turn === view.turn && room.draft.shares ? room.draft.shares
    : Object.fromEntries(ask.roles.map((role) => [role.id, role.share]));
  const rows = new Map();
  const percent = t("{n} percent");
  const set = (next) => {
    shares = next;
    room.draft = { turn: view.turn, shares };
    for (const [id, row] of rows) {
      row.slider.value = shares[id];
      row.slider.setAttribute("aria-valuetext", percent.replace("{n}", shares[id]));
      row.output.textContent = `${shares[id]} %`;
    }
  };
  const form = h("form", { class: "cb-card cb-ask", "data-ask": "plan", "data-part": "ask",
    onsubmit: (event) => {
      event.preventDefault();
      room.send({ do: "plan", turn: view.turn, shares });
    } },
  h("h3", { tabindex: "-1" }, ask.title),
  h("div", { lang: room.caseLanguage, html: view.where.phase.brief_html }),
  h("fieldset", {}, h("legend", {}, ask.question),
    h("p", { class: "cb-note" }, t("The shares always add up to 100 %. When you raise one, the time "
      + "comes from the others, in proportion.")),
    h("div", { class: "cb-presets", role: "group", "aria-label": t("Start from a plan") },
      ask.presets.map((preset) => h("button", { type: "button", class: "cb-button",
        "data-preset": preset.id, onclick: () => set({ ...preset.shares }) }, preset.name))),
    ask.roles.map((role) => roleRow(room, role, rows, () => shares, set)),
    h("p", { class: "cb-total" }, t("Total: 100 %"))),
  h("button", { type: "submit", class: "cb-button cb-primary", "data-action": "commit" },
    t("Work to this plan")));
  set(shares);
  return form;
}

function roleRow(room, role, rows, shares, set) {
  const change = (value) => set(rebalance(shares(), role.id, value));
  const slider = h("input", { type: "range", min: 0, max: 100, step: 1, "data-role": role.id,
    "aria-label": t("{name}, share of your week", role),
    oninput: (event) => change(Number(event.target.value)) });
  const output = h("output", { class: "cb-share" });
  const step = (by, sign, label) => h("button", { type: "button", class: "cb-step",
    "aria-label": label, "data-step": `${role.id}${sign}`,
    onclick: () => change(shares()[role.id] + by) }, sign);
  rows.set(role.id, { slider, output });
  return h("div", { class: "cb-role" },
    h("span", { class: "cb-role-name" }, role.name, role.primary
      ? h("span", { class: "cb-tag" }, t("primary")) : null),
    h("span", { class: "cb-control" },
      step(-STEP, "−", t("{name}: less by {n}", { name: role.name, n: STEP })), slider,
      step(STEP, "+", t("{name}: more by {n}", { name: role.name, n: STEP })), output),
    fold(room, `role-${role.id}`, role.meaning, h("p", {}, role.week),
      role.overdone && h("p", {}, h("strong", {}, t("Overdone:")), " ", role.overdone)));
}
