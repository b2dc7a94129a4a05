// The wall: a picture for every stamp, scenes in turn, one map, and a plain word whenever what it shows is old.
import { clockOf, el, keyed, say, told } from 'wall/dom';
import { follow } from 'wall/live';
import { makeMap } from 'wall/map';
import { begin, paint } from 'wall/parts';
import { rotate } from 'wall/rotation';

const known = JSON.parse(document.getElementById('wall-data').textContent);
const { words } = known;
const clock = clockOf(known.zone, known.lang);
const map = makeMap(known);
const seen = new Map(); // reports on the screen: when each was first seen, 0 for those that were there at the start
let trouble = null; // what keeps the data from being new
let warning = null; // what the data itself says
let quiet = ''; // since when nothing has come, in words, where that is no chance
let link = ['polling', null]; // how the wall hears of changes, and when it last did

performance.setResourceTimingBufferSize(50);
begin(known, clock);
rotate(known, map.show);

function picture(told_) {
  paint(told_);
  map.draw(told_);
  pulse(told_.feed ?? []);
  freshness(told_);
  const until = told_.today?.until;
  quiet = until ? told(words.quiet, { time: clock.short(new Date(until), new Date(told_.at)) }) : '';
  state(...link);
  if (!performance.getEntriesByName('wall-first-figure').length) performance.mark('wall-first-figure');
}

function pulse(feed) {
  const start = seen.size === 0;
  const here = new Set(feed.map((each) => each.id));
  for (const id of seen.keys()) if (!here.has(id)) seen.delete(id);
  for (const { id } of feed) if (!seen.has(id)) seen.set(id, start ? 0 : Date.now());
  map.pulse(feed.map((each) => ({ ...each, seen: seen.get(each.id) })));
}

function freshness(told_) {
  const now = new Date(told_.at);
  const { through, channels } = told_.freshness ?? { through: null, channels: [] };
  const when = (at) => (at ? clock.short(new Date(at), now) : '–');
  const name = (each) => words.channels[each.channel] ?? each.channel;
  const foot = document.getElementById('wall-freshness');
  const rows = [{ channel: '' }, ...channels];
  const make = (each) => (each.channel ? el('span', 'wall-channel', el('span'), el('time'), el('b', 'wall-late')) : el('b'));
  keyed(foot, rows, (each) => each.channel, make, (row, each) => {
    if (!each.channel) return say(row, told(words.through, { through: when(through) }));
    say(row.children[0], name(each));
    say(row.children[1], when(each.last_reported_at));
    say(row.children[2], each.stale ? words.late : '');
  });
  const silent = channels.find((each) => each.stale && each.pushed);
  const missing = told_.missing.find((kind) => kind === 'cells') ?? told_.missing.find((kind) => kind === 'incidents');
  warning = null;
  if (missing) warning = words.missing[missing];
  else if (channels.length && channels.every((each) => each.stale)) warning = told(words.allStale, { last: when(through) });
  else if (silent) warning = told(words.silent, { channel: name(silent), last: when(silent.last_reported_at) });
  alarm();
}

function state(name, good) {
  link = [name, good];
  const fine = name === 'live' || name === 'polling';
  const last = good ? told(words.lastGood, { time: clock.short(good, new Date()) }) : '';
  trouble = fine ? null : `${name === 'database' ? words.database : words.lost} · ${last}`;
  const node = document.getElementById('wall-state');
  if (!node.firstChild) node.append(el('span', 'live-dot', '●'), el('span'));
  document.body.dataset.state = name;
  document.body.dataset.quiet = String(fine && quiet !== '');
  say(node.firstChild, fine && !quiet ? '●' : '⚠');
  say(node.lastChild, fine ? quiet || words[name] : words.lost);
  alarm();
}

function alarm() {
  const node = document.getElementById('wall-alarm');
  const text = trouble ?? warning;
  if (text) say(node, '⚠ ' + text);
  node.hidden = !text;
}

function tick() {
  say(document.getElementById('wall-clock'), clock.now(new Date()));
}

const { place, period, policy } = known.wanted;
const query = new URLSearchParams({ period, policy, ...(place ? { place } : {}) });
window.wall = follow('/api/v1/wall?' + query, { picture, state });
setInterval(tick, 1000);
tick();
