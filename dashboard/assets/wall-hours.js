// Today against what was to be expected, hour by hour: a band, two lines, and a scale that can be read from afar.
import { count, el, keyed, put, say, style, svg, told } from 'wall/dom';

const WIDE = 240;
const TALL = 100;
const HOURS = [0, 6, 12, 18, 24];

// value: columns of running counts; today: { reports, hour }, how many there are and up to when they are known.
export function drawHours(box, value, today, words) {
  if (!box.firstChild) begin(box);
  const [scale, sheet, day] = box.children;
  const top = Math.max(1, ...value.high, ...value.expected, today?.reports ?? 0) * 1.05;
  const at = (hour, n) => `${((hour / 24) * WIDE).toFixed(1)} ${(TALL - (n / top) * TALL).toFixed(1)}`;
  const line = (numbers) => numbers.map((n, i) => (n === null ? null : at(i + 1, n))).filter(Boolean);
  const path = (points) => (points.length ? `M${at(0, 0)}L` + points.join('L') : '');
  const [band, expected, observed] = sheet.children;
  const known = value.high[0] !== null;
  put(band, 'd', known ? path(line(value.high)) + 'L' + line(value.low).reverse().join('L') + 'Z' : '');
  put(expected, 'd', path(line(value.expected)));
  const far = today && today.reports !== null ? [at(today.hour, today.reports)] : [];
  put(observed, 'd', path([...line(value.observed), ...far]));
  rule(scale, top);
  say(day, known ? told(words.allDay, { n: count(value.expected.at(-1)) }) : '');
  style(day, 'bottom', known ? height(value.expected.at(-1), top) : '0');
}

function begin(box) {
  const scale = el('div');
  box.append(scale);
  const sheet = svg('svg', { viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: 'none' }, box);
  for (const name of ['band', 'expected', 'observed']) svg('path', { class: 'hours-' + name }, sheet);
  box.append(el('span', 'hours-day'));
  box.append(el('div', 'hours-marks', ...HOURS.map((hour) => el('span', '', String(hour)))));
}

const height = (n, top) => ((n / top) * 100).toFixed(1) + '%';

// Two or three lines at round numbers, none so near the top that its number would leave the picture.
function rule(scale, top) {
  const room = top * 0.94;
  const size = step(room / 2);
  const numbers = [1, 2, 3].map((n) => n * size).filter((n) => n <= room);
  keyed(scale, numbers, (n) => n, () => el('div', 'hours-line', el('span')), (row, n) => {
    style(row, 'bottom', height(n, top));
    say(row.firstChild, count(n));
  });
}

// The greatest of 1, 2, 3, 5, 10, 20 … that is no more than `most`; 1 at least.
function step(most) {
  const ten = 10 ** Math.max(0, Math.floor(Math.log10(most)));
  return ten * ([5, 3, 2].find((n) => n * ten <= most) ?? 1);
}
