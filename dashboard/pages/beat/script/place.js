// Where the phone is: cell, beat and who answers there; the nearest doors from there; a dot on the map.

import { $, data, make, say } from "./page.js";

const WGS = "EPSG:4326";
const SVG = "http://www.w3.org/2000/svg";
let last = null;

export function startPlace() {
  const mars = $("gcj");
  mars.checked = localStorage.getItem("gcj") === "1";
  mars.addEventListener("change", () => {
    localStorage.setItem("gcj", mars.checked ? "1" : "0");
    if (last) found(last);
  });
  $("locate").addEventListener("click", locate);
  // Only where the officer has allowed it before; nobody is asked on opening the page.
  navigator.permissions?.query({ name: "geolocation" }).then((right) => right.state === "granted" && locate()).catch(() => {});
}

function locate() {
  if (!navigator.geolocation || !isSecureContext) return tell(make("p", { class: "warn" }, say("no_secure")));
  tell(make("p", {}, say("locating")));
  const options = { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 };
  navigator.geolocation.getCurrentPosition(found, () => tell(make("p", { class: "warn" }, say("no_place"))), options);
}

// After the page was refreshed: the last known place once more.
export function placeAgain() {
  if (last) found(last);
}

async function found(position) {
  last = position;
  const { longitude, latitude, accuracy } = position.coords;
  const [lon, lat] = wgs(longitude, latitude);
  dot(lon, lat);
  doors(lon, lat);
  const crs = localStorage.getItem("gcj") === "1" ? "gcj02" : WGS;
  try {
    const asked = await fetch(`/api/v1/where?lon=${longitude}&lat=${latitude}&crs=${encodeURIComponent(crs)}`);
    if (!asked.ok) throw new Error(asked.status);
    told(await asked.json(), accuracy);
  } catch {
    guess(lon, lat);
  }
}

// Near the beat GCJ-02 is off by the same everywhere, to less than a metre; the server's own conversion is exact.
function wgs(lon, lat) {
  if (localStorage.getItem("gcj") !== "1" || !data.shift) return [lon, lat];
  return [lon + data.shift[0], lat + data.shift[1]];
}

const tell = (...parts) => $("where").replaceChildren(...parts);

function told(where, accuracy) {
  const near = accuracy >= 1 ? make("small", {}, say("accuracy", { n: Math.round(accuracy) })) : "";
  if (!where.cell) return tell(make("p", { class: "warn" }, say("off_map"), " ", near));
  const whose = where.beat === data.beat ? say("own") : say("other", { beat: where.beat_name ?? "–" });
  const answers = where.people.filter((person) => person.name).slice(0, 3).map(person);
  tell(make("p", {}, make("b", {}, say("in_cell", { cell: where.cell_name })), " ", whose, " ", near), ...answers);
}

function person(each) {
  const call = each.phone && !each.phone.includes("*")
    ? make("a", { class: "call", href: `tel:${each.phone}`, "aria-label": `${say("call")} ${each.name}` }, say("call"))
    : "";
  const duty = each.duty ? "" : ` · ${say("off")}`;
  return make("div", { class: "person" }, make("div", {}, make("strong", {}, each.name), make("span", {}, (each.post_name ?? "") + duty)), call);
}

// Without a network the map itself knows in which of its cells a point lies.
function guess(lon, lat) {
  const map = document.querySelector("svg.map");
  if (!map) return;
  const point = Object.assign(map.createSVGPoint(), on(map, lon, lat));
  const cell = [...map.querySelectorAll("path.cell")].find((path) => path.isPointInFill(point));
  const name = cell?.querySelector("title")?.textContent;
  tell(make("p", {}, make("b", {}, name ? say("in_cell", { cell: name }) : say("off_map")), " ", make("small", {}, say("rough"))));
}

function on(map, lon, lat) {
  const { west, north, unit, stretch } = map.dataset;
  return { x: (lon - west) * unit, y: (north - lat) * stretch };
}

function dot(lon, lat) {
  const map = document.querySelector("svg.map");
  if (!map) return;
  const { x, y } = on(map, lon, lat);
  const mark = map.querySelector(".me") ?? map.appendChild(document.createElementNS(SVG, "circle"));
  for (const [name, value] of Object.entries({ class: "me", cx: x, cy: y, r: 12 })) mark.setAttribute(name, value);
}

// The same rule as grids.doors: what presses goes first, matters of one address (else of one point) are one door.
function doors(lon, lat) {
  const placed = data.matters.filter((matter) => matter.lon !== null);
  const pressing = byDoor(placed.filter((matter) => matter.why !== "open"));
  const chosen = pressing.length >= 3 ? pressing : byDoor(placed);
  const ranked = chosen.map((all) => [metres(lon, lat, all[0]), all]).sort((a, b) => a[0] - b[0]).slice(0, 3);
  document.querySelector("#doors .from").textContent = say("from_you");
  if (ranked.length) document.querySelector("#doors .doors").replaceChildren(...ranked.map(door));
}

function byDoor(matters) {
  const found = new Map();
  for (const matter of matters) {
    const at = matter.address ?? `${matter.lon.toFixed(5)} ${matter.lat.toFixed(5)}`;
    found.set(at, [...(found.get(at) ?? []), matter]);
  }
  return [...found.values()];
}

function metres(lon, lat, to) {
  const radians = Math.PI / 180;
  const east = (to.lon - lon) * Math.cos(((to.lat + lat) / 2) * radians);
  return 6371008.8 * radians * Math.hypot(east, to.lat - lat);
}

function door([away, matters]) {
  const what = matters[0].category_name + (matters.length > 1 ? ` ×${matters.length}` : "");
  return make("button", { type: "button", class: "door", "data-number": matters[0].number },
    make("b", {}, say("metres", { n: Math.round(away) })),
    make("span", { class: "told" }, make("strong", {}, matters[0].address ?? "–"), make("span", {}, what)));
}
