// What the officer looks at: one view of the page at a time, the list by reason, what is new since the last look.

import { $, data, say, time } from "./page.js";

const SEEN = () => `seen-${data.person}-${data.beat}`;
// The look before this one; this one counts from now, but only once for a page that stays open.
let before = localStorage.getItem(SEEN());

export function startLook() {
  addEventListener("hashchange", view);
  view();
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-show]");
    if (chip) filter(chip);
  });
  freshness();
  localStorage.setItem(SEEN(), data.now);
}

function view() {
  const wanted = location.hash.slice(1);
  const known = document.querySelector(`.view#${CSS.escape(wanted || "today")}`) ? wanted || "today" : "today";
  document.body.dataset.view = known;
  for (const tab of document.querySelectorAll(".bar a")) {
    if (tab.hash === `#${known}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  scrollTo(0, 0);
}

function filter(chip) {
  for (const each of document.querySelectorAll("[data-show]")) each.setAttribute("aria-pressed", String(each === chip));
  const wanted = chip.dataset.show;
  for (const row of document.querySelectorAll(".matter")) {
    const isNew = !row.querySelector(".fresh").hidden;
    row.hidden = wanted === "fresh" ? !isNew : wanted !== "" && row.dataset.why !== wanted;
  }
  const rest = document.querySelector("#today details");
  if (rest && wanted) rest.open = true;
}

// Mark what was registered after the last look, and say how many.
export function freshness() {
  if (!before) return;
  let count = 0;
  for (const row of document.querySelectorAll(".matter")) {
    const isNew = row.dataset.opened > before;
    row.querySelector(".fresh").hidden = !isNew;
    count += isNew;
  }
  if (!$("since")) return;
  $("since").hidden = count === 0;
  $("since").textContent = say("since", { at: time(before), n: count });
  if ($("fresh-chip")) {
    $("fresh-chip").hidden = count === 0;
    $("fresh-chip").textContent = `${say("new")} ${count}`;
  }
}
