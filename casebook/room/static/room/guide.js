// ---- the guide for the first time -----------------------------------------------------------

const GUIDE_SEEN = "casebook-guide-seen";

const guideSteps = () => [
  ["where", t("Where you are"), t("The week, the phase and the project, as it is reported and as it "
    + "is measured. Read the case first: it stays at hand the whole time.")],
  ["people", t("Who is here"), t("The client's people, what they say, and how they look at you. The "
    + "mark is your best guess; the bar is where the truth may lie. Time as friend and politician "
    + "makes it narrower.")],
  ["ask", t("What you do"), t("At the start of each phase you divide your week over six roles. When "
    + "something happens, you choose what to do. Nothing is final before you press the button.")],
  ["happened", t("What happens"), t("After each decision you read what they answer, what moved, and "
    + "why. Warm, wary or cold says how far that person trusts you by then. Every turn is saved the moment you take it. In “The story so far” you can go back and "
    + "try another way.")],
];

/** Whether this browser has seen the guide; where it keeps nothing, the guide is shown. */
function guideSeen() {
  try {
    return localStorage.getItem(GUIDE_SEEN) === "yes";
  } catch {
    return false;
  }
}

function openGuide(room) {
  room.guide = 0;
  paintGuide(room);
  room.root.querySelector(".cb-guide")?.focus();
}

function closeGuide(room) {
  room.guide = null;
  try {
    localStorage.setItem(GUIDE_SEEN, "yes");
  } catch {
    // A browser that keeps nothing shows the guide again; that is all.
  }
  paintGuide(room);
  room.body.querySelector('[data-action="guide"]')?.focus({ preventScroll: true });
}

/** Show the step of the guide that is due above the room, and mark the part that it speaks of. */
function paintGuide(room) {
  speech = room.speech;
  room.body.querySelectorAll(".cb-pointed").forEach((part) => part.classList.remove("cb-pointed"));
  const steps = guideSteps();
  if (room.guide === null || room.guide >= steps.length) {
    room.guideBox.replaceChildren();
    return;
  }
  const [part, title, text] = steps[room.guide];
  room.body.querySelector(`[data-part="${part}"]`)?.classList.add("cb-pointed");
  const last = room.guide === steps.length - 1;
  const go = (by) => {
    room.guide += by;
    paintGuide(room);
    room.guideBox.querySelector(".cb-guide").focus();
  };
  room.guideBox.replaceChildren(h("section", { class: "cb-card cb-guide", tabindex: "-1",
    "aria-label": t("Guide") },
  h("p", { class: "cb-kicker" }, t("Guide, step {n} of {of}", { n: room.guide + 1, of: steps.length })),
  h("h3", {}, title), h("p", {}, text),
  h("p", { class: "cb-guide-do" },
    room.guide ? h("button", { type: "button", class: "cb-button", onclick: () => go(-1) }, t("Back")) : null,
    last ? null : h("button", { type: "button", class: "cb-button cb-primary", "data-guide": "next",
      onclick: () => go(1) }, t("Next")),
    h("button", { type: "button", class: last ? "cb-button cb-primary" : "cb-button",
      "data-guide": "close", onclick: () => closeGuide(room) },
    last ? t("Begin") : t("Skip the guide")))));
}
