// What waits, what was sent, what came back and why: the queue as the officer sees it.

import { $, data, make, newKey, say, time } from "./page.js";
import { change, flush, mine, onChange, remove, signedOut, stuck } from "./outbox.js";
import { fillRows } from "./visits.js";

export async function startOutboxView() {
  onChange(show);
  addEventListener("online", () => flush());
  addEventListener("offline", show);
  await flush();
  await show();
}

async function show() {
  const { items, others } = await mine();
  const waiting = items.filter((item) => item.state === "waiting").length;
  const returned = items.filter((item) => item.state === "returned").length;
  badge(waiting + returned);
  banner(waiting, returned);
  const queue = $("queue");
  if (!queue) return;
  const note = others ? [make("p", { class: "none" }, say("others", { n: others }))] : [];
  const empty = items.length ? [] : [make("p", { class: "none" }, say("nothing"))];
  queue.replaceChildren(...note, ...empty, ...items.toReversed().map(row));
}

function badge(count) {
  const mark = $("pending");
  if (!mark) return;
  mark.textContent = count;
  mark.hidden = count === 0;
}

// One line above the page: the network, the session, what waits.
function banner(waiting, returned) {
  const parts = [];
  if (!navigator.onLine) parts.push(say("offline"), say("old", { at: time(data.now, { hour: "2-digit", minute: "2-digit" }) }));
  if (waiting) parts.push(`${say("waiting")} ${waiting}`);
  if (returned) parts.push(`${say("returned")} ${returned}`);
  if (waiting && stuck && navigator.onLine) parts.push(say("retry"));
  const state = $("state");
  state.hidden = parts.length === 0 && !signedOut;
  state.replaceChildren(parts.join(" · "));
  if (signedOut) state.append(" ", say("sign_in"), " ", make("a", { href: `/sign-in?next=/beat/${encodeURIComponent(data.beat)}` }, say("go")));
}

function row(item) {
  const lines = [make("strong", {}, item.title), make("span", {}, time(item.made))];
  if (item.reason) lines.push(make("p", { class: "bad" }, item.reason));
  (item.bad ?? []).forEach((why, i) => lines.push(make("p", { class: "bad" }, say("row_bad", { n: i + 1, why }))));
  const about = make("div", { class: "told" }, ...lines);
  const state = make("b", { class: `state-${item.state}` }, say(item.state));
  const acts = item.state === "returned" ? [make("div", { class: "mend" }, ...mending(item))] : [];
  return make("div", { class: "queued" }, make("div", { class: "queued-top" }, about, state), ...acts);
}

// What an officer may do with what came back. A visit's rows go back into the form; a step may be made as of now.
function mending(item) {
  const button = (word, act) => make("button", { type: "button", class: "plain", onclick: act }, say(word));
  const sendAgain = (body, made = item.made) => change({ ...item, made, body, state: "waiting", reason: "" }).then(flush);
  const dropIt = button("drop", () => remove(item.key));
  if (item.kind === "visits") {
    return [button("mend", () => fillRows(item.body.items).then(() => remove(item.key))), dropIt];
  }
  const fresh = () => {
    const { version, ...body } = item.body; // whoever looks at the reason has seen what others did
    const made = new Date().toISOString();
    return sendAgain({ ...body, key: newKey(), at: made }, made);
  };
  return [button("again", () => sendAgain(item.body)), button("now", fresh), dropIt];
}
