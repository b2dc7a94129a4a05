// The queue of steps and visits: each is sent in order, taken once by its key, and kept until it is sent or dealt with.

import { all, drop, put } from "./store.js";
import { data, say, toast } from "./page.js";

const KEEP_SENT_MS = 24 * 3600 * 1000;
const AGAIN_MS = 30000;
const AT_ONCE_MS = 20000;
const changed = new EventTarget();
export let signedOut = false;
export let stuck = false;
let sending = null;
let timer = 0;

export const onChange = (listener) => changed.addEventListener("change", listener);
const tell = (detail) => changed.dispatchEvent(new CustomEvent("change", { detail }));

// Write something down and try to send it at once; say what became of it. item: key, kind, title, url, body.
export async function enqueue(item) {
  await put({ ...item, person: data.person, beat: data.beat, made: new Date().toISOString(), state: "waiting" });
  tell();
  await flush();
  const state = (await all()).find((each) => each.key === item.key)?.state;
  toast(say({ sent: "done", returned: "returned" }[state] ?? "queued"));
}

// The items of whoever is signed in, and how many lie here of others: those are never sent in this one's name.
export async function mine() {
  const found = await all();
  return {
    items: found.filter((item) => item.person === data.person),
    others: found.filter((item) => item.person !== data.person && item.state !== "sent").length,
  };
}

export async function remove(key) {
  await drop(key);
  tell();
}

export async function change(item) {
  await put(item);
  tell();
}

// Send what waits; a second call while one runs joins it, also from another tab where the browser has locks.
export function flush() {
  sending ??= (navigator.locks ? navigator.locks.request("beatgrid-outbox", sendAll) : sendAll()).finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll() {
  clearTimeout(timer);
  signedOut = stuck = false;
  for (const item of (await mine()).items) {
    if (item.state === "sent" && Date.now() - Date.parse(item.made) > KEEP_SENT_MS) await drop(item.key);
    if (item.state !== "waiting") continue;
    const answer = await sent(item);
    if (answer === null) {
      stuck = !signedOut;
      if (stuck) timer = setTimeout(flush, AGAIN_MS);
      break;
    }
    await put({ ...item, ...answer });
    tell(answer.told ? { number: item.number, told: answer.told } : undefined);
  }
  tell();
}

// What became of an item, or null when it could not be sent now. Whoever signed in elsewhere meanwhile is not asked.
async function sent(item) {
  let answer;
  try {
    answer = await fetch(item.url, {
      method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(bodyOf(item)), credentials: "same-origin", redirect: "error",
    });
  } catch {
    return null;
  }
  if (answer.status === 401) signedOut = true;
  if (answer.status === 401 || answer.status >= 500 || answer.status === 429) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) return { state: "returned", reason: reason(told) };
  return item.kind === "visits" ? visitsTaken(item, told) : { state: "sent", reason: "", told };
}

// A step that is sent at once is dated by the server, whose clock is right; one that waited by the phone's.
function bodyOf(item) {
  const { at, ...undated } = item.body;
  return item.kind === "step" && Date.now() - Date.parse(item.made) < AT_ONCE_MS ? undated : item.body;
}

const inChinese = document.documentElement.lang !== "en";

function reason(told) {
  if (inChinese && told.message_zh) return told.message_zh;
  return told.message ?? (Array.isArray(told.detail) ? told.detail.map((each) => each.msg).join("; ") : "?");
}

// Rows that were refused stay, each with its reason; the others are sent.
function visitsTaken(item, results) {
  const bad = results.filter((row) => row.status === "rejected");
  if (bad.length === 0) return { state: "sent", reason: "", told: null };
  const items = bad.map((row) => item.body.items[row.index]);
  return { state: "returned", body: { items }, bad: bad.map((row) => ((inChinese && row.reasons_zh) || row.reasons).join("; ")), reason: "" };
}
