// Small changes to a page that stands for months: text and attributes only where they differ, rows by their keys.
const SVG = 'http://www.w3.org/2000/svg';

export function el(tag, name = '', ...inside) {
  const found = document.createElement(tag);
  if (name) found.className = name;
  found.append(...inside);
  return found;
}

export function say(node, text) {
  if (node && node.textContent !== String(text)) node.textContent = text;
}

export function put(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

export function style(node, name, value) {
  if (node.style.getPropertyValue(name) !== value) node.style.setProperty(name, value);
}

export function svg(tag, attributes, parent) {
  const found = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  if (parent) parent.append(found);
  return found;
}

// Makes `box` hold one row an item, in order. make() gives an empty row, fill(row, item) its content. Returns new rows.
export function keyed(box, items, key, make, fill) {
  const kept = (box.kept ??= new Map());
  const added = [];
  const wanted = new Set(items.map(key));
  for (const [name, row] of kept) {
    if (!wanted.has(name)) {
      row.remove();
      kept.delete(name);
    }
  }
  let after = null;
  for (const item of items) {
    const name = key(item);
    let row = kept.get(name);
    if (!row) {
      row = make(item);
      kept.set(name, row);
      added.push(row);
    }
    fill(row, item);
    const place = after ? after.nextSibling : box.firstChild;
    if (row !== place) box.insertBefore(row, place);
    after = row;
  }
  return added;
}

// What the steps of a colour scale mean: from which count each begins; dye(square, n) colours the nth.
export function stepKey(box, from, dye) {
  const marks = from.map((least, n) => [n, n + 1 < from.length ? `${least}–${from[n + 1] - 1}` : `${least}+`]);
  keyed(box, marks, ([n]) => n, () => el('span', 'wall-step', el('i'), el('span')), (row, [n, words]) => {
    dye(row.firstChild, n);
    say(row.lastChild, words);
  });
}

// Fills {name} in a sentence.
export function told(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const NONE = '–';
export const count = (n) => (n === null || n === undefined ? NONE : Math.round(n).toLocaleString('en-US'));
export const percent = (share, digits = 1) =>
  share === null || share === undefined ? NONE : (share * 100).toFixed(digits) + '%';
export const decimal = (n, digits = 1) => (n === null || n === undefined ? NONE : n.toFixed(digits));

// Instants in the city's zone; formats are made once, since each costs memory.
export function clockOf(zone, lang) {
  const locale = lang === 'en' ? 'en-GB' : 'zh-CN';
  const form = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
  const time = form({ hour: '2-digit', minute: '2-digit' });
  const seconds = form({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const day = form({ month: 'long', day: 'numeric', weekday: 'short' });
  const date = form({ month: '2-digit', day: '2-digit' });
  const whole = form({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const same = (one, other) => whole.format(one) === whole.format(other);
  return {
    time: (at) => time.format(at),
    now: (at) => day.format(at) + '  ' + seconds.format(at),
    // The hour of a day like today, else with its day, of another year the day alone.
    short: (at, now) => {
      if (same(at, now)) return time.format(at);
      return now - at < 300 * 86400e3 ? date.format(at) + ' ' + time.format(at) : whole.format(at);
    },
  };
}
