// Visits written down in bulk, as from a paper sheet: a day and rows; a bad row is said by its number, nothing is lost.

import { $, data, newKey, say } from "./page.js";
import { enqueue } from "./outbox.js";

const DRAFT = () => `visits-draft-${data.person}`;

export function startVisits() {
  const form = $("visit-form");
  if (!form) return;
  restore();
  $("add-row").addEventListener("click", () => add().querySelector("input").focus());
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
}

function add(told = {}) {
  const form = $("visit-form");
  const row = form.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const [name, value] of Object.entries(told)) {
    const field = row.querySelector(`[name="${name}"]`);
    if (field) field.value = value;
  }
  form.querySelector(".sheet-rows").append(row);
  return row;
}

const rows = () => [...$("visit-form").querySelectorAll(".sheet-rows li")];
const read = (row) => Object.fromEntries([...row.querySelectorAll("[name]")].map((field) => [field.name, field.value.trim()]));
const isBlank = (told) => !told.address && !told.cell && (told.count === "1" || told.count === "");

// Rows that came back from sending, put into the form again.
export async function fillRows(items) {
  rows().filter((row) => isBlank(read(row))).forEach((row) => row.remove());
  items.forEach((item) => add({ address: item.address ?? "", cell: item.cell ?? "", kind: item.kind, count: item.count }));
  if (items.length) $("visit-form").elements.day.value = dayOf(items[0].at);
  keep();
  location.hash = "#visits";
}

const dayOf = (iso) => new Date(Date.parse(iso) + offsetMs()).toISOString().slice(0, 10);
function offsetMs() {
  const [hours, minutes] = data.offset.slice(1).split(":").map(Number);
  return (data.offset[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60000;
}

async function submit() {
  const form = $("visit-form");
  const day = form.elements.day.value;
  const filled = rows().filter((row) => !isBlank(read(row)));
  const bad = filled.filter((row, i) => !checked(row, i)).length;
  const today = dayOf(new Date().toISOString());
  const trouble = !filled.length ? say("no_rows") : day > today ? say("future") : "";
  $("visit-bad").textContent = trouble;
  if (bad || trouble || !day) return;
  // A day that is past counts at its noon; today counts now.
  const at = day === today ? new Date().toISOString() : new Date(`${day}T12:00:00${data.offset}`).toISOString();
  const items = filled.map(read).map((told) => ({
    key: newKey(), at, kind: told.kind, count: Number(told.count),
    ...(told.address ? { address: told.address } : {}), ...(told.cell ? { cell: told.cell } : {}),
  }));
  await enqueue({ key: newKey(), kind: "visits", title: say("rows", { n: items.length }), url: "/api/v1/visits/own", body: { items } });
  rows().forEach((row) => row.remove());
  add();
  localStorage.removeItem(DRAFT());
  location.hash = "#outbox";
}

function checked(row, index) {
  const told = read(row);
  const count = Number(told.count);
  const why = !told.address && !told.cell ? say("no_where") : !Number.isInteger(count) || count < 1 ? say("no_count") : "";
  row.querySelector(".bad").textContent = why && say("row_bad", { n: index + 1, why });
  return !why;
}

// What is half written survives a phone that closes the page.
function keep() {
  localStorage.setItem(DRAFT(), JSON.stringify({ day: $("visit-form").elements.day.value, rows: rows().map(read) }));
}

function restore() {
  const draft = JSON.parse(localStorage.getItem(DRAFT()) ?? "null");
  if (draft?.rows?.length) {
    $("visit-form").elements.day.value = draft.day;
    draft.rows.forEach(add);
  } else {
    add();
  }
}
