// Puts figures into the scenes: each function takes a part of the shared picture and changes only what differs.
import { count, decimal, el, keyed, percent, put, say, stepKey, style, told } from 'wall/dom';
import { drawHours } from 'wall/hours';

let words = {};
let clock = null;
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const list = (name) => document.querySelector(`[data-rows="${name}"]`);
const drawing = (name) => document.querySelector(`[data-drawing="${name}"]`);

export function begin(known, clockOfCity) {
  words = known.words;
  clock = clockOfCity;
}

// Before the first incident nothing is known but who serves: figures stay dashes, and lists say so.
export function paint(picture) {
  const bare = picture.missing.includes('incidents');
  for (const [name, draw] of Object.entries(PARTS)) {
    const value = picture[name];
    if (value !== null && value !== undefined && (!bare || name === 'staffing')) draw(value, picture);
  }
  if (bare) for (const box of document.querySelectorAll('[data-rows]')) fill(box.dataset.rows, []);
}

const PARTS = {
  today, hours, feed, containment, flow, escapes, beats, staffing, fairness, heavy_cells: heavy, hot, clock: week,
  repeats, near, overdue, revisits, diversions,
};

// A share: value, n / N, a bar with its interval, and whatever stands at its right.
function share(name, told_, note = '') {
  const hidden = told_.hidden || told_.n === undefined;
  const known = !hidden && told_.n > 0;
  say(part(`${name}-share`), known ? percent(told_.share ?? told_.k / told_.n) : '–');
  say(part(`${name}-counts`), hidden ? words.fewHidden : `${count(told_.k)} / ${count(told_.n)}`);
  say(part(`${name}-note`), note);
  const bar = document.querySelector(`[data-bar="${name}"]`);
  if (bar) fillBar(bar, known ? told_.k / told_.n : 0, known ? told_ : null);
}

function fillBar(bar, length, interval) {
  style(bar.firstChild, 'width', (Math.min(length, 1) * 100).toFixed(2) + '%');
  const around = bar.lastChild;
  const there = interval?.low !== undefined && interval?.low !== null;
  around.hidden = !there;
  if (!there) return;
  style(around, 'left', (interval.low * 100).toFixed(2) + '%');
  style(around, 'width', ((interval.high - interval.low) * 100).toFixed(2) + '%');
}

// A figure, marked when it is nought: what should be nought and is wears no warning.
function great(name, value) {
  const node = part(name);
  say(node, count(value));
  node.classList.toggle('nought', !value);
  return node;
}

const LONG = 6; // signs that fit into a figure's tile
function figure(name, value) {
  const node = great(name, value);
  const length = node.textContent.length;
  style(node, 'font-size', length > LONG ? (LONG / length).toFixed(2) + 'em' : '');
}

const barRow = () => el('div', 'bar', el('div', 'bar-fill'), el('div', 'bar-interval'));
const interval = (told_) =>
  told_.n ? told(words.interval, { low: percent(told_.low), high: percent(told_.high) }) : '';
const mark = (severity) => {
  const found = document.getElementById('wall-mark-' + (severity || 1))?.content.firstElementChild.cloneNode(true);
  return found?.querySelector('.severity-shape') ?? el('span');
};
const few = (n) => (n === null ? words.few : count(n));

function fill(name, items, key, make, change, sentence = words.nothing) {
  const box = list(name);
  const nothing = () => el('p', 'quiet');
  const all = items.length ? items : [{ nothing: sentence }];
  return keyed(
    box, all, (each) => (each.nothing ? '–' : key(each)), (each) => (each.nothing ? nothing() : make(each)),
    (row, each) => (each.nothing ? say(row, each.nothing) : change(row, each)),
  );
}

function today(value, picture) {
  say(part('today-reports'), count(value.reports));
  for (const name of ['closed', 'open', 'overdue', 'due_soon']) figure('today-' + name, value[name]);
  const verdict = value.holiday ? words.holiday : words.verdicts[value.verdict];
  const node = part('today-verdict');
  const sign = { above: '▲ ', below: '▼ ', unheard: '⚠ ' }[value.verdict] ?? '';
  say(node, sign + verdict);
  put(node, 'data-verdict', value.verdict);
  const known = value.expected !== null;
  const until = value.until && clock.short(new Date(value.until), new Date(picture.at));
  const counts = { n: count(value.expected), low: count(value.low), high: count(value.high), time: until };
  say(part('today-expected'), known ? told(until ? words.expectedThen : words.expected, counts) : '');
}

function hours(value, picture) {
  drawHours(drawing('hours'), value, picture.today, words);
}

const feedKey = (each) => each.id;
let first = true;
function feed(value, picture) {
  const now = new Date(picture.at);
  const make = () => {
    const top = el('div', 'wall-feed-what', el('span', 'wall-mark'), el('b'), el('span', 'quiet'));
    return el('div', 'wall-feed-row', el('time'), top, el('span', 'wall-feed-place'));
  };
  const change = (row, each) => {
    const [time, what, place] = row.children;
    say(time, clock.short(new Date(each.at), now).slice(-5));
    if (row.severity !== each.severity) {
      what.firstChild.replaceChildren(mark(each.severity));
      row.severity = each.severity;
    }
    say(what.children[1], each.category);
    say(what.children[2], words.channels[each.channel] ?? each.channel);
    say(place, each.place ?? words.elsewhere);
  };
  const added = fill('feed', value, feedKey, make, change, words.noFeed);
  if (!first) added.forEach((row) => row.classList.add('fresh'));
  first = false;
}

function containment(value) {
  share('overall', value.overall, told(words.pending, { n: count(value.overall.pending) }));
  for (const each of value.severities) share('severity-' + each.severity, each, told(words.pending, { n: count(each.pending) }));
  const make = () => {
    const head = el('div', 'proportion-head', el('span', 'wall-name'), el('b'));
    return el('div', 'proportion', head, barRow(), el('div', 'proportion-foot', el('span'), el('span')));
  };
  fill('places', value.places, (each) => each.key, make, (row, each) => {
    const [head, bar, foot] = row.children;
    say(head.firstChild, each.name);
    say(head.lastChild, each.hidden ? '–' : percent(each.share));
    fillBar(bar, each.hidden || !each.n ? 0 : each.share, each.hidden ? null : each);
    say(foot.firstChild, each.hidden ? words.fewHidden : `${count(each.k)} / ${count(each.n)}`);
    say(foot.lastChild, each.hidden ? '' : interval(each));
  });
}

function flow(value) {
  const top = Math.max(1, ...value.map((each) => each.reached ?? 0));
  const make = () => {
    const head = el('div', 'proportion-head', el('span', 'wall-name'), el('b'));
    const bar = el('div', 'bar', ...['closed', 'open', 'up'].map((name) => el('div', 'flow-' + name)));
    return el('div', 'proportion', head, bar, el('div', 'proportion-foot', el('span'), el('span'), el('span')));
  };
  fill('flow', value, (each) => each.level, make, (row, each) => {
    const [head, bar, foot] = row.children;
    say(head.firstChild, words.levels[each.level]);
    say(head.lastChild, told(words.reached, { n: few(each.reached) }));
    ['closed', 'open', 'up'].forEach((name, n) => {
      style(bar.children[n], 'width', (((each[name] ?? 0) / top) * 100).toFixed(2) + '%');
      const sentence = { closed: words.closedHere, open: words.openHere, up: words.wentUp }[name];
      say(foot.children[n], each[name] === 0 ? '' : told(sentence, { n: few(each[name]) }));
    });
  });
}

function event(name, items, key, change, sentence) {
  const make = () =>
    el('div', 'wall-event', el('time'), el('span', 'wall-mark'), el('b'), el('span', 'wall-right'), el('span', 'quiet'));
  return fill(name, items, key, make, change, sentence);
}

function marked(row, severity) {
  if (row.severity === severity) return;
  row.children[1].replaceChildren(mark(severity));
  row.severity = severity;
}

function escapes(value, picture) {
  great('escapes-count', value.count);
  const now = new Date(picture.at);
  const key = (each) => each.at + each.category + each.station;
  event('escapes', value.newest, key, (row, each) => {
    say(row.children[0], clock.short(new Date(each.at), now).slice(-5));
    marked(row, each.severity);
    say(row.children[2], each.category);
    say(row.children[3], told(words.rose, { level: words.levels[each.level] }));
    say(row.children[4], each.station ?? words.elsewhere);
  }, value.count === null ? words.verdicts.unheard : words.noEscapes);
}

function loads(name, items, sentence) {
  const make = () => el('div', 'wall-load', el('span', 'wall-name'), barRow(), el('b'), el('span', 'quiet'));
  fill(name, items, (each) => each.key, make, (row, each) => {
    say(row.children[0], each.name);
    fillBar(row.children[1], each.length, null);
    row.classList.toggle('over', Boolean(each.over));
    say(row.children[2], each.value);
    say(row.children[3], each.note);
  }, sentence);
}

function beats(value) {
  say(part('load-whole'), percent(value.load));
  share('beats-over', { k: value.over, n: value.count });
  share('beats-unstaffed', { k: value.unstaffed, n: value.count });
  const top = Math.max(1, ...value.heaviest.map((each) => each.load ?? 0));
  const row = (each) => ({
    ...each, length: each.load / top, value: (each.over ? '⚠ ' : '') + percent(each.load),
    note: told(words.minutes, { n: `${count(each.minutes)} / ${count(each.available)}` }),
  });
  loads('beats', value.heaviest.map(row), words.missing.postings);
  const named = value.names_unstaffed;
  const more = value.unstaffed > named.length ? '…' : '';
  say(part('beats-note'), value.unstaffed ? '⚠ ' + told(words.unstaffed, { n: value.unstaffed, names: named.join('、') + more }) : '');
}

function staffing(value) {
  share('beats_without_lead', { k: value.beats_without_lead, n: value.beats });
  share('cells_without_worker', { k: value.cells_without_worker, n: value.cells });
  share('beats_with_nobody_on', { k: value.beats_with_nobody_on, n: value.beats });
  share('people-over', { k: value.people_over, n: value.people });
  figure('away_without_cover', value.away_without_cover);
}

function pairs(name, items, sentence) {
  const make = () => el('div', 'wall-pair', el('span', 'wall-name'), el('b'), el('span', 'quiet'));
  fill(name, items, (each) => each.key, make, (row, each) => {
    say(row.children[0], each.name);
    say(row.children[1], each.value);
    say(row.children[2], each.note);
  }, sentence);
}

function fairness(value) {
  pairs('fairness', value.map((each) => ({ ...each, value: decimal(each.ratio, 2), note: '' })));
}

function heavy(value) {
  const row = (each) => ({ ...each, value: told(words.minutes, { n: count(each.minutes) }), note: told(words.matters, { n: count(each.matters) }) });
  pairs('heavy', value.map(row), words.fewHidden);
}

function hot(value) {
  share('hot', { k: value.hot, n: value.judged });
  event('hottest', value.hottest, (each) => each.key, (row, each) => {
    say(row.children[2], each.name);
    say(row.children[3], each.reports === null ? words.few : told(words.reports, { n: count(each.reports) }));
    say(row.children[4], each.times === null ? '' : told(words.times, { n: decimal(each.times) }));
  }, words.noHot);
}

function week(value) {
  const box = drawing('clock');
  if (!box.firstChild) {
    for (let day = 0; day < 7; day += 1) {
      box.append(el('span', 'clock-day', words.weekdays[day]));
      for (let hour = 0; hour < 24; hour += 1) box.append(el('i'));
    }
    box.append(el('span'), ...[0, 6, 12, 18].map((hour) => el('span', 'clock-hour', `${hour}:00`)));
  }
  const squares = box.getElementsByTagName('i');
  value.steps.forEach((step, n) => put(squares[n], 'data-step', step));
  stepKey(list('clock-steps'), value.from, (square, n) => put(square, 'data-step', n + 1));
  const { peak } = value;
  say(part('clock-peak'), peak ? told(words.peak, { day: words.weekdays[peak.weekday - 1], hour: peak.hour }) : words.nothing);
}

function repeats(value) {
  share('repeated', value.repeated, interval(value.repeated));
  share('often', value.often, interval(value.often));
  say(part('doors'), count(value.fewest || null));
  say(part('doors-of'), value.doors ? '/ ' + count(value.doors) : '');
}

function near(value) {
  const known = value.ratio !== null && value.ratio !== undefined;
  const p = known && value.p < 0.01 ? 'p <0.01' : 'p ' + decimal(value.p, 2);
  say(part('near'), known ? '×' + decimal(value.ratio) : '–');
  say(part('near-than'), known ? `${value.p < 0.05 ? words.nearMore : words.nearSame} ${p}` : words.nearNone);
}

function overdue(value) {
  great('overdue', value.overdue);
  say(part('overdue-of'), told(words.pending, { n: count(value.open) }));
  for (const name of ['late_1', 'late_3', 'late_7']) share(name, { k: value[name], n: value.overdue });
  const top = Math.max(1, ...value.places.map((each) => each.overdue ?? 0));
  const row = (each) => ({
    ...each, length: (each.overdue ?? 0) / top, over: true, value: each.hidden ? '–' : count(each.overdue),
    note: each.hidden ? words.fewHidden : told(words.ofOpen, { n: count(each.open), late: count(each.late_7) }),
  });
  loads('late-places', value.places.map(row), words.noLate);
  const numbered = value.longest.map((each, n) => ({ ...each, n }));
  event('longest', numbered, (each) => each.n, (line, each) => {
    marked(line, each.severity);
    say(line.children[2], each.category);
    say(line.children[3], told(words.days, { n: count(each.days) }));
    say(line.children[4], each.station ?? words.elsewhere);
  }, words.noLate);
}

function revisits(value) {
  for (const name of ['soon', 'waiting', 'missed']) figure('revisits-' + name, value[name]);
}

function diversions(value) {
  figure('sent', value.sent);
  figure('bounced', value.bounced);
  figure('done', value.done);
  figure('unanswered', value.open);
  event('units', value.units, (each) => each.key, (row, each) => {
    say(row.children[2], each.name);
    say(row.children[4], told(words.units, { sent: few(each.sent), bounced: few(each.bounced), open: few(each.open) }));
  }, words.noUnits);
}
