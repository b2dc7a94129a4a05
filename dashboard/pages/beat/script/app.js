// The phone page begins here: its parts, the service worker, and the page's content anew when it has aged.

import { $, data, readAgain } from "./page.js";
import { freshness, startLook } from "./look.js";
import { startMatterSheet } from "./matter-sheet.js";
import { onChange } from "./outbox.js";
import { startOutboxView } from "./outbox-view.js";
import { placeAgain, startPlace } from "./place.js";
import { startVisits } from "./visits.js";

const PAGES = "beat-pages";
const AGED_MS = 5 * 60 * 1000;
let read = Date.now();

await ownOnly();
startLook();
startMatterSheet();
startPlace();
startVisits();
startOutboxView();
keepForLater();
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && Date.now() - read > AGED_MS && refresh());
onChange((event) => event.detail && refresh());
document.documentElement.dataset.ready = "yes";

// Pages that another person left on this phone are not for whoever is signed in now.
async function ownOnly() {
  const before = localStorage.getItem("person");
  if (before !== null && before !== data.person && "caches" in globalThis) await caches.delete(PAGES);
  localStorage.setItem("person", data.person);
}

// The worker keeps each page that it sees; the first one was loaded before there was a worker.
async function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller || !(await caches.match(location.pathname))) {
    const answer = await fetch(location.pathname).catch(() => null);
    if (answer?.ok && !answer.redirected) await (await caches.open(PAGES)).put(location.pathname, answer);
  }
}

// Put what the server says now into the lists and the map; forms and the queue stay as they are.
async function refresh() {
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (JSON.parse(fresh.getElementById("data").textContent).person !== data.person) return location.reload();
  for (const id of ["today", "people", "data"]) $(id).replaceWith(document.adoptNode(fresh.getElementById(id)));
  document.querySelector("footer").replaceWith(document.adoptNode(fresh.querySelector("footer")));
  read = Date.now();
  readAgain();
  freshness();
  placeAgain();
}
