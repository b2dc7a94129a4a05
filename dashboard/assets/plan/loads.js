// Bars of every beat: load now against the mean, where it was before, who is missing. They move with the brush.
(function (plan) {
  plan.drawLoads = () => {
    const box = plan.el('plan-loads'), { book } = plan;
    const rows = book.beats.code.map((_, beat) => row(beat));
    box.replaceChildren(...order().map((beat) => rows[beat]));
    const draw = (beats) => { const middle = mean(); beats.forEach((beat) => paint(rows[beat], beat, middle)); };
    const every = () => draw(book.beats.code.map((_, beat) => beat));
    plan.on('cells', (cells) => {
      const touched = new Set(cells.map((cell) => book.held[cell]));
      if (cells.length > 400 || touched.size > 40 || rescaled()) every();
      else draw([...new Set([...touched, ...cells.map((cell) => book.base[cell]), book.target, ...last(touched)])].filter((beat) => beat >= 0));
    });
    plan.on('standing', every);
    plan.on('tints', (turned) => draw([...turned]));
    let aimed = -1;
    plan.on('target', () => { draw([aimed, book.target].filter((beat) => beat >= 0)); aimed = book.target; });
    rescaled();
    every();
    box.addEventListener('click', (event) => {
      const found = event.target.closest('[data-beat]');
      if (found) chosen(Number(found.dataset.beat));
    });
  };

  let before = new Set();
  const last = (touched) => { const kept = before; before = touched; return kept; };

  // A bar that is clicked becomes the target; with cells picked, they can be put there at once.
  const chosen = (beat) => {
    plan.setTarget(beat);
    if (plan.book.tool === 'select' && !plan.book.picked.size) plan.setTool('brush');
  };

  const order = () => {
    const { book } = plan, beats = book.beats.code.map((_, beat) => beat).filter((beat) => book.count[beat] || book.started[beat] || book.beats.led[beat]);
    return beats.length > 40 ? beats.sort((a, b) => (loadOf(book.load[b], b) ?? -1) - (loadOf(book.load[a], a) ?? -1)) : beats;
  };

  const minutes = (beat) => plan.book.beats.minutes[beat] || 0;
  const waits = (beat) => plan.book.beats.waiting[beat]; // cells in it only wait to be drawn
  const loadOf = (work, beat) => (minutes(beat) > 0 && !waits(beat) ? work / minutes(beat) : null);

  // The mean load over staffed beats that hold cells, as grids.workload.fairness has it.
  const mean = () => {
    const { book } = plan;
    let [sum, n] = [0, 0];
    book.load.forEach((work, beat) => {
      const load = loadOf(work, beat);
      if (load !== null) { sum += load; n += 1; }
    });
    return n ? sum / n : 1;
  };

  let top = 0;
  const rescaled = () => {
    const { book } = plan;
    const most = Math.max(...book.load.map((work, beat) => loadOf(work, beat) || 0), ...book.started.map((work, beat) => loadOf(work, beat) || 0));
    const asked = most / mean();
    if (asked <= top && asked > top * 0.6) return false;
    top = asked * 1.08;
    return true;
  };

  const row = (beat) => plan.node('button', { type: 'button', class: 'plan-load', 'data-beat': beat },
    plan.node('span', { class: 'plan-swatch' }),
    plan.node('span', { class: 'plan-load-name' }, plan.beatName(beat)),
    plan.node('span', { class: 'plan-load-bar' },
      plan.node('i', { class: 'plan-load-fill' }), plan.node('i', { class: 'plan-load-before' }), plan.node('i', { class: 'plan-load-mean' })),
    plan.node('span', { class: 'plan-load-value' }));

  const paint = (found, beat, middle) => {
    const { book } = plan, load = loadOf(book.load[beat], beat), was = loadOf(book.started[beat], beat);
    const at = (value) => `${Math.min(100, (value / middle / top) * 100)}%`;
    const changed = Math.abs(book.load[beat] - book.started[beat]) > 0.5;
    const [swatch, , bar, value] = found.children, [fill, mark, line] = bar.children;
    found.classList.toggle('plan-load-target', beat === book.target);
    found.classList.toggle('plan-load-unstaffed', load === null && !waits(beat));
    found.classList.toggle('plan-load-changed', changed);
    found.classList.toggle('plan-load-over', load !== null && load / middle > 1.25);
    found.setAttribute('aria-pressed', String(beat === book.target));
    swatch.style.background = book.tints[book.tint[beat]];
    swatch.replaceChildren(...(book.lockedBeats.has(beat) ? [plan.lockSign(true)] : []));
    fill.style.width = waits(beat) ? '0' : load === null ? '100%' : at(load);
    mark.style.left = was === null ? '0' : at(was);
    mark.hidden = was === null || !changed;
    line.style.left = at(middle);
    value.textContent = waits(beat) ? plan.say('cells_n', { n: book.count[beat] }) : load === null ? plan.say('unstaffed') : `${(load / middle).toFixed(2)}×`;
    found.title = [plan.beatName(beat), book.beats.code[beat], book.beats.lead[beat] || '', plan.say('cells_n', { n: book.count[beat] }),
      load === null ? plan.say('unstaffed') : `${plan.say('loads_of')} ${(load * 100).toFixed(1)}%`].filter(Boolean).join(' · ');
  };
})(window.beatplan);
