// A matter's sheet: what it is, its steps, and what may be done next by whoever holds the phone.

import { $, data, make, matterOf, say, time } from "./page.js";
import { moveForm } from "./move-form.js";
import { onChange } from "./outbox.js";

const dialog = $("matter");
let shown = null;

export function startMatterSheet() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-number]");
    if (row) open(row.dataset.number);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside the sheet
  });
  onChange((event) => {
    if (event.detail) remember(event.detail.number, event.detail.told);
  });
}

async function open(number) {
  shown = matterOf(number);
  if (!shown) return;
  if (!dialog.open) dialog.showModal();
  story();
  $("matter-title").focus();
  if (!shown.steps) await fetchStory(number);
}

// Matters far down the list come without their steps.
async function fetchStory(number) {
  try {
    const path = number.split("/").map(encodeURIComponent).join("/");
    const answer = await fetch(`/api/v1/cases/${path}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    remember(number, await answer.json());
  } catch {
    if (shown?.number === number) $("matter").querySelector(".scroll").append(make("p", { class: "bad" }, say("not_here")));
  }
}

// Take over what the server says of a case now.
function remember(number, told) {
  const known = matterOf(number);
  if (!known || !told.steps) return;
  Object.assign(known, { version: told.version, steps: told.steps, allowed: told.allowed });
  if (shown === known && dialog.open && !dialog.dataset.form) story();
}

function story() {
  delete dialog.dataset.form;
  $("matter-title").textContent = shown.category_name;
  const about = make("p", { class: "about" }, make("span", {}, shown.grade), " · ",
    [shown.address, shown.cell_name, shown.number].filter(Boolean).join(" · "));
  const steps = shown.steps
    ? make("ol", { class: "steps" }, ...shown.steps.toReversed().map(step))
    : make("p", { class: "none" }, say("reading"));
  const none = shown.steps && shown.steps.length === 0 ? [make("p", { class: "none" }, say("no_steps"))] : [];
  dialog.querySelector(".scroll").replaceChildren(about, make("h3", {}, say("steps")), ...none, steps);
  dialog.querySelector(".acts").replaceChildren(...acts());
}

function step(each) {
  const who = [each.unit_name, each.officer].filter(Boolean).join(" ");
  return make("li", {}, make("b", {}, data.step_names[each.kind] ?? each.kind), " ",
    make("time", { datetime: each.at }, time(each.at)), make("span", {}, [who, each.result].filter(Boolean).join(" · ")));
}

// The few moves that officers make most as large buttons, all other allowed ones behind "more".
function acts() {
  const close = make("button", { type: "button", class: "plain", onclick: () => dialog.close() }, say("close"));
  if (!shown.allowed?.length) return [make("p", { class: "none" }, shown.steps ? say("none") : ""), close];
  const first = data.first.filter((code) => shown.allowed.includes(code)).flatMap((code) => choices(code));
  const rest = shown.allowed.filter((code) => !data.first.includes(code)).map((code) => choice(code, data.moves[code].name));
  const more = rest.length ? make("details", {}, make("summary", {}, say("more")), make("div", { class: "grid" }, ...rest)) : "";
  return [make("div", { class: "grid" }, ...first), more, close];
}

// A revisit that found everything well is the usual one: its own button, so that three taps do.
function choices(code) {
  if (code !== "revisit") return [choice(code, data.moves[code].name)];
  const well = { way: "visit", kept: "true", grievance: "false", new_dispute: "false" };
  return [choice(code, say("stable"), well), choice(code, say("trouble"), { way: "visit" })];
}

function choice(code, label, told = {}) {
  return make("button", { type: "button", class: "move", "data-move": code, onclick: () => form(code, label, told) }, label);
}

function form(code, label, told) {
  dialog.dataset.form = code;
  moveForm(dialog, shown, code, label, told, story);
}
