// The panel below the bars: what the plan costs, its front, one cell, and its story.
(function (plan) {
  const PAIRS = [
    ['max_over_mean', 3, 'less', (side) => side.max_over_mean], ['cv', 3, 'less', (side) => side.cv],
    ['unstaffed_beats', 0, 'less', (side) => side.unstaffed], ['pieces', 0, 'less', (side) => side.pieces],
    ['compactness', 3, 'more', (side) => side.compactness], ['cut_m', 1, 'less', (side) => side.cut_m / 1000],
    ['diameter_m', 0, 'less', (side) => side.diameter_m], ['travel_minutes', 1, 'less', (side) => side.travel_minutes],
  ];
  const PARTS = ['residents', 'households', 'key_places', 'open_matters', 'revisits_due'];
  let tab = 'costs', containment = null, asked = null;

  plan.showTab = (name) => { tab = name; plan.drawSide(); };
  plan.tabShown = () => tab;

  plan.drawSide = () => {
    document.querySelectorAll('#plan-tabs [data-tab]').forEach((button) =>
      button.setAttribute('aria-selected', String(button.dataset.tab === tab)));
    const drawn = { costs: plan.comparing() ? plan.comparePanel : costs, search: plan.searchPanel, cell: plan.cellPanel, hand: plan.handPanel, story }[tab]();
    plan.el('plan-side').replaceChildren(...[drawn].flat());
    if (tab === 'costs') soon();
  };

  plan.armSide = () => {
    tab = 'costs'; containment = null; asked = null;
    plan.el('plan-tabs').addEventListener('click', (event) => {
      const found = event.target.closest('[data-tab]');
      if (found) plan.showTab(found.dataset.tab);
    });
    plan.on('standing', () => ['costs', 'story', 'hand'].includes(tab) && plan.drawSide());
    plan.on('story', () => tab === 'story' && plan.drawSide());
    plan.on('cell', () => plan.showTab('cell'));
  };

  const costs = () => {
    const { costs: told } = plan.book.standing, { before, after } = told;
    const pairs = PAIRS.map(([name, digits, better, read]) => pair(plan.say(name), read(before), read(after), digits, better));
    const peak = (side) => Math.max(...told.beats.map((beat) => beat[`expected_${side}`] ?? 0)) / 60;
    if (told.beats.some((beat) => beat.expected_after != null)) pairs.push(quarter(told.beats, peak));
    return [
      plan.node('h3', {}, plan.say('brings')), plan.node('table', { class: 'plan-costs' }, plan.node('tbody', {}, pairs, replayed())),
      plan.node('h3', {}, plan.say('costs')), plan.node('table', { class: 'plan-costs' }, plan.node('tbody', {}, parts(after))),
    ];
  };

  const pair = (name, was, now, digits, better) => {
    const moved = was != null && now != null && Math.abs(now - was) > 0.5 * 10 ** -digits;
    const good = moved && (now < was) === (better === 'less');
    const sign = moved ? (now > was ? '▲' : '▼') : '';
    return plan.node('tr', { class: moved ? (good ? 'plan-good' : 'plan-bad') : '' },
      plan.node('th', {}, name), plan.node('td', {}, plan.number(was, digits)),
      plan.node('td', { class: 'plan-arrow', 'aria-hidden': 'true' }, '→'),
      plan.node('td', {}, plan.node('b', {}, plan.number(now, digits)), plan.node('span', { class: 'plan-sign' }, sign)));
  };

  const quarter = (beats, peak) => {
    const most = beats.reduce((a, b) => ((b.expected_after ?? 0) > (a.expected_after ?? 0) ? b : a));
    const made = pair(plan.say('next_quarter'), peak('before'), peak('after'), 0, 'less');
    if (most.low_after != null) made.title = `${most.name}: ${plan.say('interval', { low: plan.number(most.low_after / 60), high: plan.number(most.high_after / 60) })}`;
    return made;
  };

  const parts = (after) => {
    const { book } = plan, sum = (name) => (book.cells[name] || []).reduce((all, value) => all + (value || 0), 0);
    const rows = [['moved', after.moved, book.held.length], ['demand', after.moved_minutes / 60, sum('demand') / 60]];
    PARTS.forEach((name) => rows.push([name, after.goes?.[name] ?? 0, sum(name)]));
    rows.push(['ties', book.standing.costs.ties.length, null]);
    return rows.map(([name, k, n]) => plan.node('tr', {},
      plan.node('th', {}, plan.say(name)),
      plan.node('td', { class: 'plan-of', colspan: 3 }, plan.node('b', {}, plan.number(k)), n === null ? '' : ` / ${plan.number(n)}`,
        n ? plan.node('small', {}, `${((k / n) * 100).toFixed(1)}%`) : '')));
  };

  const replayed = () => {
    if (!containment) return [];
    const side = (name) => {
      const [k, n] = [containment[`contained_${name}`], containment[`contained_${name}`] + containment[`escaped_${name}`]];
      return n ? [plan.node('b', {}, `${((k / n) * 100).toFixed(1)}%`), plan.node('small', {}, ` ${plan.number(k)}/${plan.number(n)}`)] : ['–'];
    };
    return [plan.node('tr', { class: 'plan-two' }, plan.node('th', {}, plan.say('containment')),
      plan.node('td', {}, side('before')), plan.node('td', { class: 'plan-arrow' }, '→'), plan.node('td', {}, side('after')))];
  };

  // A year replayed is asked for when the hand rests, once for each state of the plan.
  const soon = () => {
    const { book } = plan;
    if (asked === book.edit) return;
    asked = book.edit;
    setTimeout(async () => {
      if (book.edit !== asked || book.queue.length) { asked = null; return; }
      const rows = await plan.ask(`/${book.code}/containment`).catch(() => null);
      if (rows?.length) { containment = rows[0]; if (tab === 'costs') plan.drawSide(); }
    }, 700);
  };

  const story = () => {
    const list = plan.node('ol', { class: 'plan-story' });
    const form = talk(null);
    plan.ask(`/${plan.book.code}/story`).then((events) => {
      const told = [...events.map(eventRow), ...plan.book.standing.edits.map(editRow)].sort((a, b) => (a.at < b.at ? 1 : -1));
      list.replaceChildren(...told.map((each) => each.row));
    }).catch((error) => plan.toast(error.message, 'bad'));
    return [form, list];
  };

  plan.talk = (cell) => talk(cell);
  const talk = (cell) => {
    const said = plan.node('textarea', { rows: 2, maxlength: 4000, 'aria-label': plan.say(cell === null ? 'comment' : 'comment_cell'), placeholder: plan.say(cell === null ? 'comment' : 'comment_cell') });
    const send = async () => {
      if (!said.value.trim()) return said.focus();
      try {
        await plan.ask(`/${plan.book.code}/comments`, { note: said.value.trim(), cell: cell === null ? null : plan.book.cells.code[cell] });
        plan.drawSide();
      } catch (error) { plan.toast(error.message, 'bad'); }
    };
    return plan.node('form', { class: 'plan-talk', onsubmit: (event) => { event.preventDefault(); send(); } },
      said, plan.node('button', { type: 'submit' }, plan.say('send')));
  };

  const eventRow = (event) => {
    const name = { begin: 'began', comment: 'said' }[event.what] || `do_${event.what}`;
    const where = event.cell ? ` · ${plan.book.cells.name[plan.book.at.get(event.cell)] || event.cell}` : '';
    return { at: event.at, row: line(event.at, event.by, plan.say(name) + where, ['publish', 'refresh'].includes(event.what) ? '' : event.note, event.what === 'comment' ? 'plan-said' : 'plan-event') };
  };

  const editRow = (edit) => {
    const beat = edit.beat ? plan.beatName(plan.book.beatAt.get(edit.beat)) || edit.beat : '';
    const what = edit.beat && !edit.cells ? beat : plan.say('cells_n', { n: edit.cells });
    const words = {
      assign: () => plan.say('stroke', { n: edit.cells, beat }),
      undo: () => plan.say('step_undo', { n: edit.target }), redo: () => plan.say('step_redo', { n: edit.target }),
    }[edit.kind]?.() ?? plan.say(edit.kind.startsWith('lock') ? 'step_lock' : 'step_unlock', { what });
    const undone = !edit.stands && !['undo', 'redo'].includes(edit.kind);
    return { at: edit.at, row: line(edit.at, edit.by, `${edit.no}. ${words}${undone ? ` · ${plan.say('undone')}` : ''}`, edit.reason, undone ? 'plan-undone' : '') };
  };

  const line = (at, by, words, note, kind) => plan.node('li', { class: kind },
    plan.node('span', {}, words), plan.node('small', {}, `${by} · ${plan.when(at)}`), note ? plan.node('p', {}, note) : null);
})(window.beatplan);
