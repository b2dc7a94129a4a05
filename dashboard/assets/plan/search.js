// The optimiser: sliders, a run that can be stopped, and the front as a chart that fills point by point.
(function (plan) {
  const SLIDERS = [['balance', 100], ['few_moves', 0], ['compact', 0], ['travel', 0]];
  const SECONDS = [5, 20, 60], LOOK_MS = 500;
  const state = { search: null, value: Object.fromEntries(SLIDERS), since: 0, stopping: false, following: null };
  plan.seconds = SECONDS[0]; // for each point

  plan.searchPanel = () => {
    const { search } = state, running = search && !search.over;
    return [
      plan.node('form', { class: 'plan-sliders', onsubmit: (event) => { event.preventDefault(); if (running) stop(); else begin(); } },
        SLIDERS.map(([name]) => slider(name, running)), plan.node('div', { class: 'plan-run' }, duration(running),
        plan.node('button', { type: 'submit', class: running ? '' : 'plan-primary', disabled: running ? state.stopping || !plan.mayPlan() : !plan.book.standing.may_edit },
          plan.say(running ? (state.stopping ? 'search_stopping' : 'search_stop') : search?.points.length ? 'search_again' : 'search_run')))),
      progress(search), search?.points.length ? [picked(search), chart(search)] : search ? null : plan.node('p', { class: 'plan-note' }, plan.say('search_hint')),
    ].flat(2).filter(Boolean);
  };

  // How many moved cells are sought for: more where there are more cells.
  const asked = () => {
    const n = plan.book.held.length;
    return (n > 2000 ? [0, 20, 50, 100, 200, 500] : n > 400 ? [0, 10, 20, 50, 100] : [0, 5, 10, 20, 40]).filter((each) => each <= n);
  };

  const duration = (running) => plan.node('label', { class: 'plan-seconds' }, plan.node('span', {}, plan.say('search_seconds')),
    plan.node('select', { disabled: running, onchange: (event) => { plan.seconds = Number(event.target.value); plan.drawSide(); } },
      [...new Set([...SECONDS, plan.seconds])].map((n) => plan.node('option', { value: n, selected: n === plan.seconds }, plan.say('seconds_n', { n })))),
    plan.node('small', { class: 'quiet' }, plan.say('seconds_all', { n: Math.ceil(plan.seconds * asked().filter(Boolean).length) })));

  // A page that is opened again finds the last search of this plan, also after a restart of the server.
  plan.findSearch = async () => {
    Object.assign(state, { search: null, following: null, value: Object.fromEntries(SLIDERS) });
    const told = await plan.ask(`/${plan.book.code}/revision`).catch(() => null);
    plan.book.event = told?.event ?? null;
    if (told?.search) plan.followSearch(told.search);
  };

  const slider = (name, running) => plan.node('label', {},
    plan.node('span', {}, plan.say(name)),
    plan.node('input', { type: 'range', min: 0, max: 100, step: 5, value: state.value[name], disabled: running,
      oninput: (event) => { state.value[name] = Number(event.target.value); event.target.nextSibling.textContent = event.target.value; } }),
    plan.node('output', {}, String(state.value[name])));

  const begin = async () => {
    if (plan.book.preview) plan.leavePreview();
    try {
      const body = { moves: asked(), seconds: plan.seconds, seed: 1, balance: state.value.balance, few_moves: state.value.few_moves,
        compactness: state.value.compact, travel: state.value.travel };
      const told = await plan.ask(`/${plan.book.code}/searches`, body);
      state.search = told;
      plan.drawSide();
      plan.followSearch(told.number);
    } catch (error) { plan.toast(error.message, 'bad'); }
  };

  const stop = () => {
    state.stopping = true;
    plan.drawSide();
    plan.ask(`/${plan.book.code}/searches/${state.search.number}/stop`, {}).catch((error) => plan.toast(error.message, 'bad'));
  };

  // Ask how far a search is until it is over: whoever began it.
  plan.followSearch = async (number) => {
    if (state.following === number) return;
    Object.assign(state, { following: number, stopping: false, since: Date.now() });
    plan.book.search = number;
    while (plan.alive() && state.following === number) {
      const told = await plan.ask(`/${plan.book.code}/searches/${number}`).catch((error) => error);
      if (told instanceof Error && told.status && told.status !== 503) { state.following = null; return; }
      if (!(told instanceof Error)) {
        heard(told);
        if (told.over) { state.following = null; return told.error ? plan.toast(told.error, 'bad') : undefined; }
      }
      await new Promise((again) => setTimeout(again, LOOK_MS));
    }
  };

  const heard = (told) => {
    const before = state.search, same = before?.number === told.number;
    state.search = told;
    if (!same) recall(told.asked);
    if (!same || before.done !== told.done) state.since = Date.now();
    const { preview: shown } = plan.book, point = shown?.search === told.number && told.points.find((each) => each.moves === shown.moves);
    if (point && same && point.cv !== before.points.find((each) => each.moves === shown.moves)?.cv) lay(point);
    if (plan.tabShown() !== 'search') return;
    const stands = same && before.over === told.over && before.done === told.done && before.points.length === told.points.length;
    if (!stands) plan.drawSide();
    else document.querySelector('.plan-left-s')?.replaceChildren(left(told));
  };

  // The sliders as they were for the search that is shown.
  const recall = (asked) => {
    const { balance, few_moves: few, compactness: compact, travel, seconds } = asked;
    state.value = { balance, few_moves: few, compact, travel };
    if (seconds) plan.seconds = seconds;
  };

  const left = (search) => {
    const still = search.asked.moves.slice(search.done).filter(Boolean).length * search.asked.seconds - (Date.now() - state.since) / 1000;
    return plan.say('seconds_left', { n: Math.max(1, Math.ceil(still)) });
  };

  const progress = (search) => {
    if (!search) return null;
    if (search.error) return plan.node('p', { class: 'plan-note', role: 'alert' }, search.error);
    if (!search.over) {
      return plan.node('p', { class: 'plan-note', role: 'status' },
        plan.node('progress', { value: search.done, max: search.of, 'aria-label': plan.say('search_run') }),
        plan.node('span', {}, plan.say('searching', { i: Math.min(search.done + 1, search.of), n: search.of, moves: search.moves }), ' ',
          plan.node('small', { class: 'plan-left-s' }, left(search))));
    }
    const how = search.broken_off ? 'search_broken' : search.complete ? 'search_done' : 'search_stopped';
    return plan.node('p', { class: 'plan-note' }, plan.say(how), plan.node('small', {}, plan.say('search_by', { by: search.by, at: plan.when(search.at), n: search.asked.seconds })),
      search.edit !== plan.book.edit ? plan.node('small', {}, plan.say('search_stale')) : null);
  };

  // CV over moved cells; below each point the least that any plan with so few moves could have.
  const chart = (search) => {
    const wide = 372, high = 176, left = 44, low = 26, { points } = search, moves = search.asked.moves, last = moves.length - 1;
    const now = plan.book.standing.costs.after;
    const most = Math.max(...points.map((point) => point.cv), now.cv || 0) * 1.15 || 1;
    const x = (i) => left + 14 + (i * (wide - left - 34)) / Math.max(1, last), y = (cv) => 10 + (1 - cv / most) * (high - low - 10);
    const svg = shape('svg', { viewBox: `0 0 ${wide} ${high}`, class: 'plan-front', role: 'group', 'aria-label': plan.say('front_y') });
    [0, 0.5, 1].forEach((part) => {
      svg.append(shape('line', { x1: left, x2: wide - 8, y1: y(most * part), y2: y(most * part), class: 'plan-grid' }));
      svg.append(shape('text', { x: left - 6, y: y(most * part) + 4, 'text-anchor': 'end' }, (most * part).toFixed(2)));
    });
    const line = (read) => points.map((point, i) => `${x(i)},${y(read(point))}`).join(' '), end = x(points.length - 1);
    svg.append(shape('polygon', { class: 'plan-bound', points: `${line((point) => Math.max(0, point.cv_bound || 0))} ${end},${y(0)} ${x(0)},${y(0)}` }));
    svg.append(shape('polyline', { class: 'plan-front-line', points: line((point) => point.cv) }));
    const { moved } = now;
    if (moved > 0 && now.cv != null) {
      const here = x(nearest(moves, moved));
      svg.append(shape('path', { class: 'plan-here-mark', d: `M${here} ${y(now.cv) - 6}l6 6-6 6-6-6z` }));
      svg.append(shape('text', { x: Math.min(here, wide - 40), y: y(now.cv) - 11, 'text-anchor': 'middle', class: 'plan-here' }, plan.say('now_here')));
    }
    moves.forEach((each, i) => {
      svg.append(shape('text', { x: x(i), y: high - 8, 'text-anchor': 'middle', class: i < points.length ? '' : 'plan-waiting' }, String(each)));
      if (points[i]) svg.append(dot(search, points[i], x(i), y(points[i].cv)), shape('text', { x: x(i), y: y(points[i].cv) + 20, 'text-anchor': 'middle', class: 'plan-value' }, points[i].cv.toFixed(3)));
    });
    return plan.node('figure', { class: 'plan-chart' }, plan.node('figcaption', {}, plan.say('front_y')), svg,
      plan.node('p', { class: 'plan-axis' }, plan.say('front_x'), plan.node('span', { class: 'plan-bound-key' }, plan.say('bound'))));
  };

  // Where a number of moved cells stands between those that were sought for.
  const nearest = (moves, moved) => {
    const i = moves.findIndex((each) => each >= moved);
    if (i <= 0) return i === -1 ? moves.length - 1 : 0;
    return i - (moves[i] - moved) / (moves[i] - moves[i - 1]);
  };

  // How good a point is known to be: the best there is, or what no plan can be below.
  const known = (point) => (point.proven ? plan.say('proven') : plan.say('no_less', { n: (point.peak_bound ?? 0).toFixed(2) }));

  const dot = (search, point, x, y) => {
    const words = `${plan.say('moved')} ${point.moved} · ${plan.say('cv')} ${point.cv.toFixed(3)} · ${plan.say('max_over_mean')} ${point.max_over_mean.toFixed(2)} (${known(point)})`;
    const chosen = plan.book.preview?.moves === point.moves;
    const made = shape('g', { class: `plan-dot${chosen ? ' plan-dot-on' : ''}${point.proven ? ' plan-dot-proven' : ''}`, tabindex: 0, role: 'button', 'aria-label': words, 'data-moves': point.moves });
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
    if (book.queue.length) return;
    if (book.picked.size) plan.pick([]);
    book.preview = { moves: point.moves, search: search.number };
    lay(point);
    plan.zoomTo([...book.held.keys()]);
    plan.drawSide();
    plan.emit('target');
  };
  const lay = (point) => plan.put([...plan.book.held.keys()], (cell) => {
    const to = point.to[plan.book.cells.code[cell]];
    return to === undefined ? plan.book.base[cell] : plan.book.beatAt.get(to);
  });

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
      plan.node('p', {}, plan.node('b', {}, plan.say('preview', { n: point.moved })), ` ${plan.say('cv')} ${point.cv.toFixed(3)} · ${plan.say('max_over_mean')} ${point.max_over_mean.toFixed(2)} `,
        plan.node('span', { class: 'quiet' }, known(point))),
      book.standing.may_edit ? plan.node('button', { type: 'button', class: 'plan-primary', onclick: take }, plan.say('take')) : null,
      plan.node('button', { type: 'button', onclick: plan.leavePreview }, plan.say('leave')));
  };
})(window.beatplan);
