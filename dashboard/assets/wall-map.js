// The wall's one map: Plotly draws it once; afterwards only the state of cells, the heat picture and pulses change.
import { el, keyed, stepKey, style } from 'wall/dom';

const PULSE_MS = 12000;
const MOST_PULSES = 24;
const AGAIN_MS = 5000; // until cells are asked for again
const HEAT_MS = 30000; // between two heat pictures

export function makeMap(known) {
  const box = document.getElementById('wall-map');
  const pulses = document.getElementById('wall-pulses');
  const middles = new Map();
  let map = null;
  let version = known.version;
  let latest = null;
  let mode = 'situation';
  let heatAt = 0;
  let heatFor = null;
  const was = { steps: {}, kinds: {} };

  const layer = (name, at) => `/api/v1/boundaries/${at}/${name}.geojson`;
  const unit = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  async function begin() {
    while (!window.Plotly) await new Promise((go) => setTimeout(go, 50));
    const [west, south, east, north] = known.map.extent;
    const middle = { lon: (west + east) / 2, lat: (south + north) / 2 };
    const point = { type: 'scattermap', lon: [middle.lon], lat: [middle.lat], mode: 'markers', marker: { opacity: 0 } };
    const look = { margin: { l: 0, r: 0, t: 0, b: 0 }, map: { style: known.map.style, center: middle, zoom: zoom() } };
    const clear = 'transparent';
    const layout = { ...look, paper_bgcolor: clear, showlegend: false, autosize: true };
    await window.Plotly.newPlot(box, [{ ...point, hoverinfo: 'skip' }], layout, {
      displayModeBar: false, staticPlot: true, responsive: false,
    });
    box.classList.add('js-plotly-plot');
    map = box._fullLayout.map._subplot.map;
    fit();
    new ResizeObserver(fit).observe(box);
    await learned();
    dress();
    if (latest) draw(latest);
    window.dash_clientside?.screen?.scale(null, 'wall-frame', 'wall-map-scale');
    performance.mark('wall-map-drawn');
  }

  // At which the whole place just fits (MapLibre's: the world is 512 pixels wide at 0), so that it stands from the first.
  function zoom() {
    const [west, south, east, north] = known.map.extent;
    const mercator = (lat) => Math.log(Math.tan(((90 + lat) * Math.PI) / 360)) / (2 * Math.PI);
    const wide = (box.clientWidth - 4 * unit()) / ((east - west) / 360);
    const high = (box.clientHeight - 12 * unit()) / (mercator(north) - mercator(south));
    return Math.log2(Math.max(Math.min(wide, high), 512) / 512);
  }

  // The middle of every cell, where its pulses appear: a report's own place is nobody's to see on a wall.
  async function learn() {
    const answer = await fetch(layer('cells', version));
    if (!answer.ok) throw new Error(answer.status);
    middles.clear();
    for (const feature of (await answer.json()).features) {
      const points = feature.geometry.coordinates.flat(feature.geometry.type === 'Polygon' ? 1 : 2);
      const [x, y] = [0, 1].map((n) => points.map((point) => point[n]));
      middles.set(feature.id, [mean(x), mean(y)]);
    }
  }

  // Nobody is there to load the page again when the record cannot be reached just now.
  async function learned() {
    for (;;) {
      try {
        return await learn();
      } catch {
        await new Promise((go) => setTimeout(go, AGAIN_MS));
      }
    }
  }

  // Values are states of features, so that a new figure colours one cell and draws nothing else anew.
  function dress() {
    const { steps, hot, cold, below, corners } = known.map;
    const step = ['coalesce', ['feature-state', 'step'], 0];
    const colour = ['match', step, ...steps.flatMap((each, n) => [n + 1, each]), 'transparent'];
    const kind = ['coalesce', ['feature-state', 'kind'], ''];
    const either = (one, other, none) => ['match', kind, 'hot', one, 'cold', other, none];
    map.addSource('wall-cells', { type: 'geojson', data: layer('cells', version), promoteId: 'code' });
    const blank = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
    map.addSource('wall-heat', { type: 'image', url: blank, coordinates: corners });
    const fill = { 'fill-color': colour, 'fill-opacity': 0.5 };
    map.addLayer({ id: 'wall-cells', type: 'fill', source: 'wall-cells', paint: fill }, below);
    map.addLayer({ id: 'wall-heat', type: 'raster', source: 'wall-heat',
      paint: { 'raster-opacity': 0, 'raster-fade-duration': 0 } }, below);
    map.addLayer({ id: 'wall-hot', type: 'fill', source: 'wall-cells',
      paint: { 'fill-color': either(hot, cold, 'transparent'), 'fill-opacity': 0.55 } }, below);
    map.addLayer({ id: 'wall-hot-line', type: 'line', source: 'wall-cells',
      paint: { 'line-color': either(hot, cold, 'transparent'), 'line-width': 3 } });
    show(mode);
  }

  // The map's frame is sized here: Plotly would do it late, and put back the view that it was made with.
  function fit() {
    const frame = map.getContainer();
    style(frame, 'width', box.clientWidth + 'px');
    style(frame, 'height', box.clientHeight + 'px');
    map.resize();
    const [west, south, east, north] = known.map.extent;
    const padding = { top: 4 * unit(), bottom: 8 * unit(), left: 2 * unit(), right: 2 * unit() }; // title and keys
    map.fitBounds([[west, south], [east, north]], { padding, animate: false });
    if (map.getLayer('beat-names')) map.setLayoutProperty('beat-names', 'text-size', 1.35 * unit());
    [...pulses.children].forEach(place);
  }

  function show(wanted) {
    mode = wanted || mode;
    if (!map?.getLayer('wall-hot')) return;
    const seen = (name, on) => map.setLayoutProperty(name, 'visibility', on ? 'visible' : 'none');
    for (const name of ['wall-cells', 'wall-heat']) seen(name, mode === 'situation');
    for (const name of ['wall-hot', 'wall-hot-line']) seen(name, mode === 'hotspots');
  }

  function draw(picture) {
    latest = picture;
    if (!map?.getSource('wall-cells')) return;
    if (picture.boundaries !== version) redrawn(picture.boundaries);
    if (picture.cells) state('step', was.steps, picture.cells.steps);
    if (picture.hot) state('kind', was.kinds, picture.hot.kinds);
    heat(picture);
  }

  function state(name, before, now) {
    for (const code of new Set([...Object.keys(before), ...Object.keys(now)])) {
      if (before[code] === now[code]) continue;
      map.setFeatureState({ source: 'wall-cells', id: code }, { [name]: now[code] ?? null });
      if (now[code] === undefined) delete before[code];
      else before[code] = now[code];
    }
  }

  function heat(picture) {
    const about = picture.stamp;
    if (about === heatFor || Date.now() - heatAt < HEAT_MS) return;
    [heatFor, heatAt] = [about, Date.now()];
    const { place, period } = known.wanted;
    const query = new URLSearchParams({ period, ...(place ? { place } : {}), v: about });
    map.getSource('wall-heat').updateImage({ url: '/api/v1/heat.png?' + query, coordinates: known.map.corners });
    map.setPaintProperty('wall-heat', 'raster-opacity', 0.8);
  }

  async function redrawn(now) {
    version = now;
    for (const [source, name] of [['backdrop', 'backdrop'], ['cells', 'cells'], ['beats', 'beats'], ['wall-cells', 'cells']]) {
      map.getSource(source)?.setData(layer(name, version));
    }
    map.removeFeatureState({ source: 'wall-cells' });
    was.steps = {};
    was.kinds = {};
    await learned();
  }

  // Rings where something was reported just now; each goes by itself, and there are never many.
  function pulse(reports) {
    const since = Date.now() - PULSE_MS;
    const fresh = reports.filter((each) => each.seen > since && middles.has(each.cell)).slice(0, MOST_PULSES);
    const make = (each) => {
      const ring = el('span', `wall-pulse wall-pulse-${each.severity}`);
      ring.cell = each.cell;
      return ring;
    };
    keyed(pulses, fresh, (each) => each.id, make, (ring) => place(ring));
  }

  function place(ring) {
    const middle = middles.get(ring.cell);
    if (!map || !middle) return;
    const { x, y } = map.project(middle);
    ring.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
  }

  function key(picture) {
    const from = picture.cells?.from;
    const legend = document.getElementById('wall-step-key');
    if (!from) return;
    stepKey(legend, from, (square, n) => style(square, 'background', known.map.steps[n]));
  }

  begin().catch((error) => console.error('map', error));
  return { draw: (picture) => (key(picture), draw(picture)), show, pulse };
}

const mean = (numbers) => (Math.min(...numbers) + Math.max(...numbers)) / 2;
