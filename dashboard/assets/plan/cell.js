// One cell: what it is, why it is where it is, where it could not go, and what people say of it.
(function (plan) {
  const SHOWN = ['residents', 'households', 'key_places', 'open_matters', 'revisits_due'];

  plan.cellPanel = () => {
    const { book } = plan, cell = book.cursor;
    if (cell === undefined) return [plan.node('p', { class: 'plan-note' }, plan.say('no_cell')), plan.mayPlan() ? leads() : null].filter(Boolean);
    const code = book.cells.code[cell], why = plan.node('div', { class: 'plan-why' });
    plan.ask(`/${book.code}/why/${encodeURIComponent(code)}`).then((told) => why.replaceChildren(...reasons(told)))
      .catch((error) => why.replaceChildren(error.message));
    const locked = book.lockedCells.has(cell), [was, now] = [book.base[cell], book.held[cell]];
    const facts = [[plan.say('demand_hours'), plan.number(book.cells.demand[cell] / 60)], ...SHOWN.map((name) => [plan.say(`of_${name}`), plan.number(book.cells[name]?.[cell])])];
    return [
      plan.node('h3', {}, book.cells.name[cell], plan.node('small', {}, code)),
      plan.node('p', {}, was === now ? plan.beatName(now) : `${plan.beatName(was)} → ${plan.beatName(now)}`),
      book.standing.may_edit ? plan.node('p', {}, plan.node('button', { type: 'button', onclick: () => { plan.pick([cell]); plan.lock(!locked); } }, plan.say(locked ? 'unlock' : 'lock'))) : null,
      plan.node('dl', { class: 'plan-facts' }, facts.map(([name, value]) => plan.node('div', {}, plan.node('dt', {}, name), plan.node('dd', {}, value)))),
      plan.node('h3', {}, plan.say('why')), why, plan.talk(cell),
    ].filter(Boolean);
  };

  const reasons = (told) => {
    const lang = plan.book.lang === 'en' ? 'en' : 'zh';
    const loads = Object.entries(told.effect?.loads || {}).map(([beat, [without, with_]]) => plan.node('li', {},
      `${plan.beatName(plan.book.beatAt.get(beat))}: ${plan.say('loads_of')} ${share(without)} → ${share(with_)}`));
    const barred = (told.barred || []).map(([beat, zh, en]) => plan.node('li', {},
      `${plan.beatName(plan.book.beatAt.get(beat)) || beat}: ${lang === 'en' ? en : zh}`));
    return [
      plan.node('p', {}, told[lang]), loads.length ? plan.node('ul', {}, loads) : '',
      barred.length ? plan.node('p', { class: 'quiet' }, plan.say('barred')) : '', barred.length ? plan.node('ul', { class: 'plan-barred' }, barred) : '',
    ];
  };
  const share = (value) => (value == null ? '–' : `${(value * 100).toFixed(1)}%`);

  // Where one more lead would help most, asked for when somebody wants to know.
  const leads = () => {
    const list = plan.node('ol', { class: 'plan-leads' });
    const ask = async () => {
      const rows = await plan.ask(`/${plan.book.code}/leads`).catch((error) => { plan.toast(error.message, 'bad'); return []; });
      const was = plan.book.standing.costs.before.max_over_mean;
      list.replaceChildren(...rows.slice(0, 5).map((row) => plan.node('li', {},
        plan.node('button', { type: 'button', class: 'plan-link', onclick: () => plan.zoomTo(row.new_cells.map((code) => plan.book.at.get(code))) }, row.name),
        plan.node('small', {}, plan.say('lead_hint', { before: `${plan.number(was, 2)}×`, after: `${plan.number(row.max_over_mean, 2)}×` })))));
    };
    return plan.node('div', {}, plan.node('button', { type: 'button', onclick: ask }, plan.say('leads')), list);
  };
})(window.beatplan);
