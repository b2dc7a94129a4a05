// A map whose values move in time: all frames came with the panel, so that playing asks the server nothing.
(function () {
  const EVERY_MS = 900;
  const playing = new WeakMap();

  const partsOf = (element) => {
    const box = element.closest?.('[data-frames]');
    if (!box) return null;
    if (!box.frames) box.frames = JSON.parse(box.dataset.frames);
    const range = box.querySelector('input[type=range]');
    const map = document.querySelector('#' + box.frames.map + ' .js-plotly-plot');
    return { box, range, map, play: box.querySelector('.time-play'), shown: box.querySelector('.time-shown') };
  };

  const show = (parts, at) => {
    const { labels, values } = parts.box.frames;
    parts.range.value = at;
    parts.range.setAttribute('aria-valuetext', labels[at]);
    parts.shown.textContent = labels[at];
    if (parts.map) window.Plotly.restyle(parts.map, { z: [values[at]] }, [0]);
  };

  const stop = (parts) => {
    clearInterval(playing.get(parts.box));
    playing.delete(parts.box);
    parts.play.textContent = '▶';
    parts.play.setAttribute('aria-pressed', 'false');
  };

  const start = (parts) => {
    const last = parts.box.frames.labels.length - 1;
    if (Number(parts.range.value) >= last) show(parts, 0);
    parts.play.textContent = '❚❚';
    parts.play.setAttribute('aria-pressed', 'true');
    const step = () => {
      const at = Number(parts.range.value) + 1;
      if (!parts.box.isConnected || at > last) return stop(parts);
      show(parts, at);
    };
    playing.set(parts.box, setInterval(step, EVERY_MS));
  };

  document.addEventListener('click', (event) => {
    if (!event.target.closest?.('.time-play')) return;
    const parts = partsOf(event.target);
    if (parts) playing.has(parts.box) ? stop(parts) : start(parts);
  });
  document.addEventListener('input', (event) => {
    if (event.target.type !== 'range') return;
    const parts = partsOf(event.target);
    if (!parts) return;
    stop(parts);
    show(parts, Number(event.target.value));
  });
})();

// A camera is made for a box of so many pixels; where the box is smaller or larger the map is looked at from higher or lower.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.frames = {
  fit: function (figure, mapId, tries = 100) {
    const chart = document.querySelector('#' + mapId + ' .js-plotly-plot');
    const map = chart?._fullLayout?.map?._subplot?.map;
    if (map && chart.fitted !== figure) {
      const { wide, tall } = chart.closest('.map-box').dataset;
      const share = Math.min(chart.clientWidth / wide, chart.clientHeight / tall);
      const zoom = chart.layout.map.zoom + Math.log2(share);
      // Told to the chart by hand: it can be asked to only when the style has come, and would go back to its own till then.
      chart.layout.map.zoom = chart._fullLayout.map.zoom = zoom;
      map.setZoom(zoom);
      chart.fitted = figure;
    } else if (!map && tries) setTimeout(() => window.dash_clientside.frames.fit(figure, mapId, tries - 1), 300);
    return window.dash_clientside.no_update;
  },
};
