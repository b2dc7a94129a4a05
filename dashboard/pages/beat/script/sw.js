// The service worker: keeps the programme's files and the reader's own beat pages for when there is no network.
// VERSION and FILES stand before this text, written by the server.

const STORE = `beat-files-${VERSION}`;
const PAGES = "beat-pages";
const FALLBACK = FILES.find((file) => file.endsWith("/offline.html"));
const AT_MOST_MS = 12 * 3600 * 1000; // no longer than a session lasts
let person = 0; // grows when somebody comes or goes: a page asked for before that is not kept after it

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

async function tidy() {
  const old = (await caches.keys()).filter((name) => name.startsWith("beat-files-") && name !== STORE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && (pathname === "/sign-out" || pathname === "/sign-in")) {
    event.respondWith(passed(request));
  }
  if (request.method !== "GET") return;
  if (FILES.includes(pathname)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  else if (/^\/beat(\/[^/]+)?$/.test(pathname)) event.respondWith(page(request, pathname));
});

// Signing in or out: the next person must not find this one's pages, nor any that were still on their way meanwhile.
async function passed(request) {
  await forget();
  try {
    return await fetch(request);
  } finally {
    await forget();
  }
}

async function forget() {
  person += 1;
  await caches.delete(PAGES);
}

// From the network where there is one, and kept; else what was kept, if it is not too old.
async function page(request, pathname) {
  const asking = person;
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && asking === person) {
      const copy = answer.clone();
      await (await caches.open(PAGES)).put(pathname, copy);
      if (asking !== person) await caches.delete(PAGES);
    }
    return answer;
  } catch (error) {
    const kept = await keptPage(pathname);
    if (kept) return kept;
    if (request.mode !== "navigate") throw error;
    return (await caches.match(FALLBACK)) ?? Response.error();
  }
}

// "/beat" leads to one's own beat; without a network the newest page of a beat stands in for it.
async function keptPage(pathname) {
  if (!(await caches.has(PAGES))) return null;
  const store = await caches.open(PAGES);
  const exact = await store.match(pathname);
  const any = pathname === "/beat" && !exact ? (await store.keys()).find((key) => key.url.includes("/beat/")) : null;
  const found = exact ?? (any && Response.redirect(new URL(any.url).pathname));
  const made = Date.parse((exact ?? found)?.headers.get("date") ?? "");
  return exact && Date.now() - made > AT_MOST_MS ? null : found;
}
