// The optimiser: sliders, a run that can be stopped, and the front as a chart to pick a point from.
(function (plan) {
  const SLIDERS = [['balance', 100], ['few_moves', 0], ['compact', 0], ['travel', 0]];
  const ASKED = [0, 5, 10, 20, 40], LOOK_MS = 500;
  const state = { search: null, value: Object.fromEntries(SLIDERS) };
  plan.seconds = 5; // for each point

  plan.searchPanel = () => {
    const { search } = state, running = search && !search.over;
    return [
      plan.node('form', { class: 'plan-sliders', onsubmit: (event) => { event.preventDefault(); if (running) stop(); else begin(); } },
        SLIDERS.map(([name]) => slider(name)),
        plan.node('button', { type: 'submit', class: running ? '' : 'plan-primary', disabled: !plan.mayEdit() && !running },
          plan.say(running ? 'search_stop' : 'search_run'))),
      progress(search), search?.points.length ? [picked(search), chart(search)] : [],
    ].flat(2).filter(Boolean);
  };

  // A page that is opened again finds the last search of this plan.
  plan.findSearch = async () => {
    const told = await plan.ask(`/${plan.book.code}/revision`).catch(() => null);
    plan.book.event = told?.event ?? null;
    if (told?.search) follow(told.search);
  };

  const slider = (name) => plan.node('label', {},
    plan.node('span', {}, plan.say(name)),
    plan.node('input', { type: 'range', min: 0, max: 100, step: 5, value: state.value[name],
      oninput: (event) => { state.value[name] = Number(event.target.value); event.target.nextSibling.textContent = event.target.value; } }),
    plan.node('output', {}, String(state.value[name])));

  const begin = async () => {
    const { held } = plan.book, moves = ASKED.filter((each) => each <= held.length);
    if (plan.book.preview) plan.leavePreview();
    try {
      const body = { moves, seconds: plan.seconds, seed: 1, balance: state.value.balance, few_moves: state.value.few_moves,
        compactness: state.value.compact, travel: state.value.travel };
      state.search = await plan.ask(`/${plan.book.code}/searches`, body);
      plan.drawSide();
      follow(state.search.number);
    } catch (error) { plan.toast(error.message, 'bad'); }
  };

  const stop = () => plan.ask(`/${plan.book.code}/searches/${state.search.number}/stop`, {}).catch((error) => plan.toast(error.message, 'bad'));

  const follow = async (number) => {
    while (plan.alive()) {
      const told = await plan.ask(`/${plan.book.code}/searches/${number}`).catch(() => null);
      if (!told) return;
      const fresh = !state.search || state.search.over !== told.over || state.search.done !== told.done;
      state.search = told;
      if (fresh && plan.tabShown() === 'search') plan.drawSide();
      if (told.over) return told.error ? plan.toast(told.error, 'bad') : undefined;
      await new Promise((again) => setTimeout(again, LOOK_MS));
    }
  };

  const progress = (search) => {
    if (!search) return null;
    if (search.error) return plan.node('p', { class: 'plan-note', role: 'alert' }, search.error);
    if (!search.over) {
      return plan.node('p', { class: 'plan-note', role: 'status' },
        plan.node('progress', { value: search.done, max: search.of }),
        plan.say('searching', { i: search.done + 1, n: search.of, moves: search.moves }));
    }
    return plan.node('p', { class: 'plan-note' }, plan.say(search.complete ? 'search_done' : 'search_stopped'),
      search.edit !== plan.book.edit ? plan.node('small', {}, plan.say('search_stale')) : null);
  };

  // CV over moved cells; below each point the least that any plan with so few moves could have.
  const chart = (search) => {
    const wide = 372, high = 158, left = 44, low = 26, { points } = search, last = points.length - 1;
    const now = plan.book.standing.costs.after;
    const most = Math.max(...points.map((point) => point.cv), now.cv || 0) * 1.1 || 1;
    const x = (i) => left + 14 + (i * (wide - left - 34)) / Math.max(1, last), y = (cv) => 10 + (1 - cv / most) * (high - low - 10);
    const svg = shape('svg', { viewBox: `0 0 ${wide} ${high}`, class: 'plan-front', role: 'group', 'aria-label': plan.say('front_y') });
    [0, 0.5, 1].forEach((part) => {
      svg.append(shape('line', { x1: left, x2: wide - 8, y1: y(most * part), y2: y(most * part), class: 'plan-grid' }));
      svg.append(shape('text', { x: left - 6, y: y(most * part) + 4, 'text-anchor': 'end' }, (most * part).toFixed(2)));
    });
    const line = (read) => points.map((point, i) => `${x(i)},${y(read(point))}`).join(' ');
    svg.append(shape('polygon', { class: 'plan-bound', points: `${line((point) => Math.max(0, point.cv_bound || 0))} ${x(last)},${y(0)} ${x(0)},${y(0)}` }));
    svg.append(shape('polyline', { class: 'plan-front-line', points: line((point) => point.cv) }));
    const { moved } = now;
    if (moved > 0 && now.cv != null) svg.append(shape('text', { x: x(nearest(points, moved)), y: y(now.cv) - 8, 'text-anchor': 'middle', class: 'plan-here' }, `◆ ${plan.say('now_here')}`));
    points.forEach((point, i) => svg.append(dot(search, point, x(i), y(point.cv)), shape('text', { x: x(i), y: high - 8, 'text-anchor': 'middle' }, String(point.moves))));
    return plan.node('figure', { class: 'plan-chart' }, plan.node('figcaption', {}, plan.say('front_y')), svg,
      plan.node('p', { class: 'plan-axis' }, plan.say('front_x'), plan.node('span', { class: 'plan-bound-key' }, plan.say('bound'))));
  };

  const nearest = (points, moved) => {
    const i = points.findIndex((point) => point.moves >= moved);
    if (i <= 0) return Math.max(0, i === -1 ? points.length - 1 : 0);
    return i - (points[i].moves - moved) / (points[i].moves - points[i - 1].moves);
  };

  const dot = (search, point, x, y) => {
    const words = `${plan.say('moved')} ${point.moved} · ${plan.say('cv')} ${point.cv.toFixed(3)} · ${plan.say('max_over_mean')} ${point.max_over_mean.toFixed(2)} (${plan.say('no_less', { n: (point.peak_bound ?? 0).toFixed(2) })})`;
    const chosen = plan.book.preview?.moves === point.moves;
    const made = shape('g', { class: `plan-dot${chosen ? ' plan-dot-on' : ''}`, tabindex: 0, role: 'button', 'aria-label': words, 'data-moves': point.moves });
    made.append(shape('circle', { cx: x, cy: y, r: 16, class: 'plan-dot-touch' }), shape('circle', { cx: x, cy: y, r: 6 }), shape('title', {}, words));
    const show = () => preview(search, point);
    made.addEventListener('click', show);
    made.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); show(); } });
    return made;
  };

  const shape = (tag, told, text) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.entries(told).forEach(([name, value]) => made.setAttribute(name, value));
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // A point on the map and in the bars, not yet in the plan.
  const preview = (search, point) => {
    const { book } = plan;
    if (!search.over || book.queue.length) return;
    if (book.picked.size) plan.pick([]);
    book.preview = { moves: point.moves, search: search.number };
    plan.put([...book.held.keys()], (cell) => {
      const to = point.to[book.cells.code[cell]];
      return to === undefined ? book.base[cell] : book.beatAt.get(to);
    });
    plan.zoomTo([...book.held.keys()]);
    plan.drawSide();
    plan.emit('target');
  };

  plan.leavePreview = () => {
    plan.book.preview = null;
    plan.follow();
    plan.drawSide();
    plan.emit('target');
  };

  const picked = (search) => {
    const { book } = plan, point = search.points.find((each) => each.moves === book.preview?.moves);
    if (!point) return null;
    const take = () => {
      const { search: number, moves } = book.preview;
      book.preview = null;
      plan.write(`/searches/${number}/take`, { moves });
      plan.drawSide();
    };
    return plan.node('div', { class: 'plan-preview' },
      plan.node('b', {}, plan.say('preview', { n: point.moved })),
      plan.node('span', {}, `${plan.say('cv')} ${point.cv.toFixed(3)} · ${plan.say('max_over_mean')} ${point.max_over_mean.toFixed(2)}`),
      plan.node('span', { class: 'quiet' }, plan.say('no_less', { n: (point.peak_bound ?? 0).toFixed(2) })),
      book.standing.may_edit ? plan.node('button', { type: 'button', class: 'plan-primary', onclick: take }, plan.say('take')) : null,
      plan.node('button', { type: 'button', onclick: plan.leavePreview }, plan.say('leave')));
  };
})(window.beatplan);
