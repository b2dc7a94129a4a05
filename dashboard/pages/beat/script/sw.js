// The service worker: keeps the programme's files and the reader's own beat pages for when there is no network.
// VERSION and FILES stand before this text, written by the server.

const STORE = `beat-files-${VERSION}`;
const PAGES = "beat-pages";
const FALLBACK = FILES.find((file) => file.endsWith("/offline.html"));
const AT_MOST_MS = 12 * 3600 * 1000; // no longer than a session lasts

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
    event.waitUntil(caches.delete(PAGES)); // the next person must not find this one's pages
  }
  if (request.method !== "GET") return;
  if (FILES.includes(pathname)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  else if (/^\/beat(\/[^/]+)?$/.test(pathname)) event.respondWith(page(request, pathname));
});

// From the network where there is one, and kept; else what was kept, if it is not too old.
async function page(request, pathname) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      const copy = answer.clone();
      const store = await caches.open(PAGES);
      await store.put(pathname, copy);
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
  const store = await caches.open(PAGES);
  const exact = await store.match(pathname);
  const any = pathname === "/beat" && !exact ? (await store.keys()).find((key) => key.url.includes("/beat/")) : null;
  const found = exact ?? (any && Response.redirect(new URL(any.url).pathname));
  const made = Date.parse((exact ?? found)?.headers.get("date") ?? "");
  return exact && Date.now() - made > AT_MOST_MS ? null : found;
}
