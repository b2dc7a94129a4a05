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
    const { labels, values, map } = { ...parts.box.frames, map: parts.map };
    parts.range.value = at;
    parts.range.setAttribute('aria-valuetext', labels[at]);
    parts.shown.textContent = labels[at];
    if (map) window.Plotly.restyle(map, { z: [values[at]] }, [0]);
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
