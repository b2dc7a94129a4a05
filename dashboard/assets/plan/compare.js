// Before and after on one map: a second map under a divider that follows the first, or the whole of it while H is held.
(function (plan) {
  let other = null, held = null, part = 0.5, told = null;

  plan.toggleSwipe = () => (other ? plan.endSwipe() : plan.swipe(plan.book.base, plan.say('before'), plan.say('after')));

  // left: the assignment that is shown left of the divider; what each side is called.
  plan.swipe = async (left, words, ours) => {
    held = left;
    const box = plan.el('plan-compare');
    box.hidden = false;
    box.replaceChildren(
      plan.node('div', { id: 'plan-left', class: 'plan-left' }),
      plan.node('span', { class: 'plan-side-name plan-side-left' }, words), plan.node('span', { class: 'plan-side-name plan-side-right' }, ours),
      plan.node('button', { type: 'button', class: 'plan-divider', role: 'slider', 'aria-label': plan.say('key_c'), 'aria-valuemin': 0, 'aria-valuemax': 100,
        onpointerdown: drag, onkeydown: nudge }, plan.node('span', { 'aria-hidden': 'true' }, '⇔')),
      plan.node('button', { type: 'button', class: 'plan-end', onclick: plan.endSwipe }, plan.say('end_compare')));
    place(0.5);
    const graph = document.querySelector('#plan-map .js-plotly-plot'), view = { center: plan.map.getCenter(), zoom: plan.map.getZoom() };
    const layout = { ...graph.layout, map: { ...graph.layout.map, ...view }, autosize: true };
    await window.Plotly.newPlot('plan-left', [{ type: 'scattermap', lon: [0], lat: [0], marker: { opacity: 0 } }], layout, { staticPlot: true, responsive: true, displayModeBar: false });
    other = await leftMap();
    plan.dress(other, held);
    other.once('idle', () => plan.dress(other, held));
    follow();
    plan.map.on('move', follow);
    place(part);
  };

  const leftMap = () => new Promise((told) => {
    const look = () => {
      const map = plan.el('plan-left')?._fullLayout?.map?._subplot?.map;
      if (map && map.getSource('borders')) return told(map);
      if (plan.el('plan-left')) setTimeout(look, 60);
    };
    look();
  });

  const follow = () => other?.jumpTo({ center: plan.map.getCenter(), zoom: plan.map.getZoom(), bearing: plan.map.getBearing(), pitch: plan.map.getPitch() });

  const place = (where) => {
    part = Math.min(1, Math.max(0, where));
    const box = plan.el('plan-compare');
    const at = `${part * 100}%`, rest = `${(1 - part) * 100}%`, one = (name) => box.querySelector(name);
    if (!one('.plan-divider')) return;
    one('.plan-left').style.clipPath = `inset(0 ${rest} 0 0)`;
    one('.plan-divider').style.left = at;
    one('.plan-side-left').style.right = `calc(${rest} + 26px)`;
    one('.plan-side-right').style.left = `calc(${at} + 26px)`;
    one('.plan-divider').setAttribute('aria-valuenow', String(Math.round(part * 100)));
  };

  const drag = (event) => {
    const handle = event.currentTarget, frame = plan.el('plan-compare').getBoundingClientRect();
    handle.setPointerCapture(event.pointerId);
    const move = (moved) => place((moved.clientX - frame.left) / frame.width);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), { once: true });
  };
  const nudge = (event) => {
    const step = { ArrowLeft: -0.05, ArrowRight: 0.05, Home: -1, End: 1 }[event.key];
    if (step) { event.preventDefault(); event.stopPropagation(); place(part + step); }
  };

  // The whole of before while a key is held.
  let kept = null;
  plan.peek = (on) => {
    if (!other) return;
    if (on && kept === null) { kept = part; place(1); }
    if (!on && kept !== null) { place(kept); kept = null; }
  };
  plan.swiping = () => Boolean(other);

  plan.endSwipe = () => {
    plan.map.off('move', follow);
    const box = plan.el('plan-compare'), left = plan.el('plan-left');
    if (left) window.Plotly.purge(left);
    other = null;
    box.replaceChildren();
    box.hidden = true;
    if (told) { told = null; plan.drawSide(); }
  };
  plan.comparing = () => told;

  // Another plan beside this one: its beats left of the divider, figures of both in the panel of costs.
  plan.comparePlans = async () => {
    const { book } = plan, all = await plan.ask('').catch((error) => { plan.toast(error.message, 'bad'); return null; });
    const others = all?.filter((each) => each.code !== book.code);
    if (!others) return;
    if (!others.length) return plan.toast(plan.say('no_other'));
    const choice = plan.node('select', {}, others.map((each) => plan.node('option', { value: each.code }, `${each.name} · ${each.code} · ${plan.say(`state_${each.state}`)}`)));
    plan.dialog(plan.say('do_compare'), [plan.node('label', {}, plan.say('compare_with'), choice)], async () => {
      const found = await plan.ask(`/${book.code}/compare/${choice.value}`);
      return () => beside(found);
    });
  };

  // The list of plans may ask for a comparison by the address.
  plan.compareAsked = async () => {
    const code = new URLSearchParams(location.search).get('compare');
    if (!code || code === plan.book.code) return;
    await plan.ask(`/${plan.book.code}/compare/${encodeURIComponent(code)}`).then(beside).catch((error) => plan.toast(error.message, 'bad'));
  };

  // Figures of a comparison: the word for each, its decimals, and what it is divided by to be read.
  const FIGURES = {
    max_over_mean: ['max_over_mean', 3], cv: ['cv', 3], unstaffed: ['unstaffed_beats'], pieces: ['pieces'], compactness: ['compactness', 3],
    cut_m: ['cut_m', 1, 1000], diameter_m: ['diameter_m'], travel_minutes: ['travel_minutes', 1], moved: ['moved'], moved_minutes: ['demand', 0, 60],
    moved_residents: ['residents'], moved_households: ['households'], moved_key_places: ['key_places'],
    moved_open_matters: ['open_matters'], moved_revisits_due: ['revisits_due'],
  };

  const beside = (found) => {
    if (other) plan.endSwipe();
    told = found;
    plan.showTab('costs');
    if (!found.cells.length) return;
    const { book } = plan, left = Int32Array.from(book.held);
    found.cells.forEach((each) => {
      const cell = book.at.get(each.cell), beat = book.beatAt.get(each.other);
      if (cell !== undefined && beat !== undefined) left[cell] = beat;
    });
    plan.swipe(left, called(found.other), called(found.one));
  };
  const called = (head) => `${head.name} · ${head.code}`;

  plan.comparePanel = () => {
    const { book } = plan, cells = told.cells.filter((each) => book.at.has(each.cell));
    const rows = told.totals.filter((row) => FIGURES[row.figure]).map((row) => {
      const [word, digits = 0, unit = 1] = FIGURES[row.figure];
      const cell = (value) => plan.node('td', {}, plan.number(value === null ? null : value / unit, digits));
      return plan.node('tr', {}, plan.node('th', {}, plan.say(word)), cell(row.today), cell(row.one), cell(row.other));
    });
    const name = (code) => plan.beatName(book.beatAt.get(code)) || code;
    const heads = [['', ''], [plan.say('today'), ''], [told.one.code, told.one.name], [told.other.code, told.other.name]];
    return [
      plan.node('div', { class: 'plan-versus' }, plan.node('p', {}, plan.node('b', {}, called(told.one)), ` ${plan.say('beside')} `, plan.node('b', {}, called(told.other))),
        plan.node('button', { type: 'button', onclick: end }, plan.say('end_compare'))),
      plan.node('table', { class: 'plan-costs' }, plan.node('thead', {}, plan.node('tr', {}, heads.map(([words, title]) => plan.node('th', { title }, words)))), plan.node('tbody', {}, rows)),
      plan.node('h3', {}, told.cells.length ? plan.say('differ', { n: told.cells.length }) : plan.say('nothing_differs')),
      plan.node('ol', { class: 'plan-story' }, cells.slice(0, 200).map((each) => plan.node('li', {},
        plan.node('button', { type: 'button', class: 'plan-link', onclick: () => plan.zoomTo([book.at.get(each.cell)]) }, book.cells.name[book.at.get(each.cell)]),
        plan.node('small', {}, `${told.one.code} ${name(each.one)} · ${told.other.code} ${name(each.other)}`)))),
    ];
  };
  const end = () => { if (other) plan.endSwipe(); else { told = null; plan.drawSide(); } };

  // A page that is drawn anew compares nothing yet.
  plan.armCompare = () => { other = null; told = null; kept = null; };
})(window.beatplan);
