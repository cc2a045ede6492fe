// The attention plan. The six shares always sum to 100: what one role gains, the others give in
// proportion, except those that are kept.

const TOTAL = 100;
const STEP = 5;

/** Shares with `id` at `wanted`, or as near as the kept roles allow. `base` is the state before
 * the player began to move this role, so that moving it back restores the others exactly. */
function shift(base, kept, id, wanted) {
  const others = Object.keys(base).filter((other) => other !== id && !kept.has(other));
  const fixed = Object.keys(base).filter((other) => other !== id && kept.has(other))
    .reduce((sum, other) => sum + base[other], 0);
  if (others.length === 0) return { ...base };
  const value = Math.max(0, Math.min(Math.round(wanted) || 0, TOTAL - fixed));
  return { ...base, [id]: value, ...deal(base, others, TOTAL - fixed - value) };
}

/** Deal `total` whole points to `ids` in proportion to `base`; the largest remainders round up. */
function deal(base, ids, total) {
  const sum = ids.reduce((all, id) => all + base[id], 0);
  const exact = ids.map((id) => (sum > 0 ? (total * base[id]) / sum : total / ids.length));
  const dealt = exact.map(Math.floor);
  const left = total - dealt.reduce((all, share) => all + share, 0);
  const order = ids.map((_, i) => i).sort((a, b) =>
    (exact[b] - dealt[b]) - (exact[a] - dealt[a]) || a - b);
  order.slice(0, left).forEach((i) => { dealt[i] += 1; });
  return Object.fromEntries(ids.map((id, i) => [id, dealt[i]]));
}

function planParts(view, room) {
  const { ask } = view;
  const plan = {
    roles: ask.roles, kept: new Set(), moving: null, base: null, rows: {},
    shares: Object.fromEntries(ask.roles.map((role) => [role.id, role.share])),
    told: h("p", { class: "cb-hidden", role: "status" }),
    mix: h("div", { class: "cb-mix", "aria-hidden": "true" }),
    total: h("output", { class: "cb-total" }),
  };
  const parts = [
    h("h3", { tabindex: "-1", class: "cb-jump-ask" }, ask.title),
    prose("div", { class: "cb-brief" }, view.where.phase.brief_html),
    h("fieldset", { class: "cb-plan" },
      h("legend", {}, "How do you divide your attention in these weeks?"),
      presets(plan, ask),
      plan.mix,
      h("div", { class: "cb-roles" }, ask.roles.map((role) => roleRow(plan, role))),
      h("p", { class: "cb-hint" }, "What you add to one role is taken from the others in " +
        "proportion. Press Keep to hold a role where it is. ", plan.total), plan.told),
    commitBar(room, "Commit this plan", () => ({
      action: { do: "plan", turn: room.view.turn, shares: { ...plan.shares } } })),
  ];
  drawPlan(plan);
  return parts;
}

function presets(plan, ask) {
  const start = { id: "start", name: "As it was", shares: { ...plan.shares } };
  return h("div", { class: "cb-presets", role: "group", "aria-label": "Start from" },
    h("span", { "aria-hidden": "true" }, "Start from"),
    [...ask.presets, start].map((preset) => h("button", {
      type: "button", class: "cb-chip", data: { preset: preset.id },
      onclick: () => {
        Object.assign(plan, { shares: { ...preset.shares }, moving: null });
        plan.kept.clear();
        drawPlan(plan);
        tellPlan(plan, `${preset.name}: ${listShares(plan)}.`);
      },
    }, preset.name)));
}

function roleRow(plan, role) {
  const set = (value) => moveRole(plan, role, value);
  const step = (by) => () => set(plan.shares[role.id] + by);
  const slider = h("input", { type: "range", min: 0, max: TOTAL, step: 1, class: "cb-slider",
    "aria-label": `${role.name}, share of attention`, oninput: (e) => set(Number(e.target.value)) });
  const number = h("input", { type: "number", min: 0, max: TOTAL, step: 1, class: "cb-share",
    "aria-label": `${role.name}, percent`, inputmode: "numeric",
    oninput: (e) => e.target.value !== "" && set(Number(e.target.value)),
    onblur: () => drawPlan(plan) });
  const stepper = (name, sign, by) => h("button", { type: "button", class: "cb-step",
    "aria-label": `${role.name}: ${STEP} ${name}`, data: { action: name }, onclick: step(by) },
  h("span", { "aria-hidden": "true" }, sign));
  const less = stepper("less", "−", -STEP);
  const more = stepper("more", "+", STEP);
  const keep = h("button", { type: "button", class: "cb-chip cb-keep", "aria-pressed": "false",
    "aria-label": `Keep ${role.name}`, data: { action: "keep" },
    onclick: () => toggleKeep(plan, role) }, "Keep");
  plan.rows[role.id] = { slider, number, less, more, keep };
  return h("div", { class: "cb-role", data: { role: role.id } },
    h("div", { class: "cb-role-name" },
      h("b", {}, h("span", { class: "cb-swatch", "aria-hidden": "true" }), role.name),
      role.primary && h("span", { class: "cb-tag" }, "primary role"),
      h("span", { class: "cb-meaning" }, role.meaning)),
    h("div", { class: "cb-dial" }, less, slider, more,
      h("span", { class: "cb-percent" }, number, h("span", { "aria-hidden": "true" }, "%")), keep),
    details(`role-${role.id}`, h("span", {}, "In a week", hidden(` as ${role.name}`)),
      { class: "cb-more" },
      h("p", {}, role.week), h("p", {}, h("b", {}, "Overdone: "), role.overdone)));
}

function moveRole(plan, role, wanted) {
  if (plan.moving !== role.id) Object.assign(plan, { moving: role.id, base: { ...plan.shares } });
  plan.shares = shift(plan.base, plan.kept, role.id, wanted);
  drawPlan(plan);
  const got = plan.shares[role.id];
  const short = got < Math.min(wanted, TOTAL) ? " All that is not kept has been used." : "";
  tellPlan(plan, `${role.name} ${got} %.${short} Now ${listShares(plan)}.`);
}

function toggleKeep(plan, role) {
  plan.moving = null;
  const held = !plan.kept.delete(role.id);
  if (held) plan.kept.add(role.id);
  drawPlan(plan);
}

/** Show the shares in the controls; the one being typed in is left alone. */
function drawPlan(plan) {
  for (const role of plan.roles) {
    const share = plan.shares[role.id];
    const { slider, number, less, more, keep } = plan.rows[role.id];
    slider.value = share;
    slider.style.setProperty("--cb-at", `${share}%`);
    slider.setAttribute("aria-valuetext", `${share} %`);
    if (document.activeElement !== number) number.value = share;
    less.setAttribute("aria-disabled", String(share <= 0));
    more.setAttribute("aria-disabled", String(share >= TOTAL));
    keep.setAttribute("aria-pressed", String(plan.kept.has(role.id)));
  }
  const sum = Object.values(plan.shares).reduce((all, share) => all + share, 0);
  plan.total.textContent = `Total ${sum} %`;
  plan.mix.replaceChildren(...plan.roles.map((role) => h("span", {
    data: { role: role.id }, style: { "flex-grow": plan.shares[role.id] } })));
}

function listShares(plan) {
  return plan.roles.map((role) => `${role.name} ${plan.shares[role.id]}`).join(", ");
}

/** Say the new shares once the player pauses, not at every step of a slider. */
function tellPlan(plan, text) {
  clearTimeout(plan.timer);
  plan.timer = setTimeout(() => { plan.told.textContent = text; }, 600);
}
