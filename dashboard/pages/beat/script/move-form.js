// The form of one move: its fields with their choices, and one large button that writes it down.

import { data, make, newKey, say } from "./page.js";
import { enqueue, mine } from "./outbox.js";

export function moveForm(dialog, matter, code, label, told, back) {
  const fields = data.moves[code].fields;
  const form = make("form", { novalidate: true, id: "move-form" }, make("h3", {}, label), ...fields.map((each) => field(each, told[each.name])));
  const bad = make("p", { class: "bad", role: "alert" });
  const confirm = make("button", { type: "submit", class: "main", form: "move-form" }, say("confirm"));
  const away = make("button", { type: "button", class: "plain", onclick: back }, say("back"));
  dialog.querySelector(".scroll").replaceChildren(form);
  dialog.querySelector(".acts").replaceChildren(bad, make("div", { class: "two" }, away, confirm));
  confirm.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = fields.filter((each) => each.required && !new FormData(form).getAll(each.name).some(Boolean));
    bad.textContent = missing.length ? say("required", { what: missing.map((each) => each.label).join("、") }) : "";
    if (missing.length) return;
    confirm.disabled = true; // a second tap must not be a second step
    await send(matter, code, label, values(form, fields));
    dialog.close();
  });
}

// One key for one confirm: however often it is sent, it is taken once.
async function send(matter, code, label, said) {
  const earlier = (await mine()).items.some((item) => item.number === matter.number && item.state !== "sent");
  const key = newKey();
  const version = earlier ? {} : { version: matter.version }; // after a step of our own the version is not known yet
  const path = matter.number.split("/").map(encodeURIComponent).join("/");
  await enqueue({
    key, kind: "step", number: matter.number, title: `${label} · ${matter.category_name}`,
    url: `/api/v1/cases/${path}/${code}`, body: { key, at: new Date().toISOString(), ...version, ...said },
  });
}

function values(form, fields) {
  const told = {};
  const given = new FormData(form);
  for (const { name, kind } of fields) {
    const all = given.getAll(name).map((value) => String(value).trim()).filter(Boolean);
    if (!all.length) continue;
    told[name] = read(kind, all);
  }
  return told;
}

function read(kind, all) {
  if (kind === "flag") return all[0] === "true";
  if (kind === "units" || kind === "officers") return all.join(",").split(/[,，、\s]+/).filter(Boolean);
  if (kind === "grade" || kind === "score" || kind === "minutes") return Number(all[0]);
  return kind === "instant" ? new Date(`${all[0]}:00${data.offset}`).toISOString() : all[0];
}

function field(each, told) {
  const label = each.required ? `${each.label} *` : each.label;
  const choices = choicesOf(each);
  if (choices && choices.length <= 4) return radios(each, label, choices, told);
  if (choices) return make("label", { class: "field" }, make("span", {}, label), select(each, choices));
  return make("label", { class: "field" }, make("span", {}, label), input(each));
}

function choicesOf(each) {
  if (each.kind === "flag") return [["true", say("yes")], ["false", say("no")]];
  if (each.kind === "score") return [1, 2, 3, 4, 5].map((n) => [n, n]);
  if (each.kind === "unit" || each.kind === "units") return data.units;
  return each.choices ? Object.entries(each.choices) : null;
}

// Large pieces to tap instead of a list to open.
function radios(each, label, choices, told) {
  const one = ([code, name]) => make("label", {}, make("input", { type: "radio", name: each.name, value: code, checked: told === String(code) }), make("span", {}, name));
  return make("fieldset", {}, make("legend", {}, label), make("div", { class: "pick" }, ...choices.map(one)));
}

function select(each, choices) {
  const blank = make("option", { value: "" }, say("choose"));
  return make("select", { name: each.name, multiple: each.kind === "units" }, ...(each.kind === "units" ? [] : [blank]),
    ...choices.map(([code, name]) => make("option", { value: code }, String(name))));
}

function input(each) {
  if (each.name === "note") return make("textarea", { name: each.name, rows: 2, maxlength: 4000 });
  const type = { instant: "datetime-local", minutes: "number" }[each.kind] ?? "text";
  return make("input", { name: each.name, type, min: type === "number" ? 0 : null, inputmode: type === "number" ? "numeric" : null, maxlength: 4000 });
}
