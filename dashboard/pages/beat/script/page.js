// What the server wrote into the page: data, words, small helpers to make elements. Nothing here changes the page.

export let data = read();

function read() {
  return JSON.parse(document.getElementById("data").textContent);
}

// After the page's content was fetched anew.
export function readAgain() {
  data = read();
}

// A sentence of the page's language with its {names} filled.
export function say(name, values = {}) {
  return (data.words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// An element with attributes and children; texts become text nodes, so nothing from the record is ever read as HTML.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const $ = (id) => document.getElementById(id);

export function time(iso, parts = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }) {
  return new Intl.DateTimeFormat(data.lang === "en" ? "en-GB" : "zh-CN", { timeZone: data.zone, hour12: false, ...parts })
    .format(new Date(iso));
}

// Also where there is no HTTPS, which crypto.randomUUID asks for.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function matterOf(number) {
  return data.matters.find((matter) => matter.number === number);
}

// A short word above the bar that something was done, read aloud too; gone by itself.
export function toast(text) {
  const place = $("toast");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { place.hidden = true; }, 6000);
}
