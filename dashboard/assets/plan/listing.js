// The list of plans: figures of each come one by one; a new plan is begun from the record or from a sheet.
(function (plan) {
  plan.drawList = async () => {
    drawForm();
    armPairs();
    for (const row of document.querySelectorAll('#plan-list tr[data-plan]')) {
      const told = await plan.ask(`/${row.dataset.plan}`).catch(() => null);
      if (!row.isConnected) return;
      const { before, after } = told?.costs || {};
      row.querySelector('.plan-moved-n').textContent = told ? plan.number(after.moved) : '–';
      row.querySelector('.plan-peak').textContent = told ? `${plan.number(before.max_over_mean, 2)} → ${plan.number(after.max_over_mean, 2)}` : '–';
    }
  };

  // Two plans that are ticked are laid side by side.
  const armPairs = () => {
    const rows = [...document.querySelectorAll('#plan-list tr[data-plan]')], box = plan.el('plan-pair');
    if (rows.length < 2) return;
    const ticked = () => rows.map((row) => row.querySelector('input')).filter((tick) => tick.checked).map((tick) => tick.value);
    const button = plan.node('button', { type: 'button', onclick: () => { const [one, other] = ticked(); location.href = `/plan/${one}${plan.book.query ? `${plan.book.query}&` : '?'}compare=${other}`; } }, plan.say('compare_two'));
    const hint = plan.node('span', { class: 'quiet' }, plan.say('compare_pick'));
    const told = () => { button.hidden = ticked().length !== 2; hint.hidden = !button.hidden; };
    rows.forEach((row) => row.querySelector('.plan-name').prepend(plan.node('input', { type: 'checkbox', value: row.dataset.plan, 'aria-label': plan.say('compare_this', { code: row.dataset.plan }), onchange: told })));
    box.replaceChildren(hint, button);
    told();
  };

  const drawForm = () => {
    const box = plan.el('plan-new'), { form } = plan.book;
    if (!box) return;
    const name = plan.node('input', { type: 'text', maxlength: 200, placeholder: form.example });
    const first = form.chosen || (form.city ? '' : form.places[0]?.[1][0]?.[0] ?? '');
    const place = plan.node('select', {}, form.city ? plan.node('option', { value: '', selected: first === '' }, plan.say('all_city')) : null,
      form.places.map(([kind, list]) => plan.node('optgroup', { label: kind }, list.map(([code, words]) => plan.node('option', { value: code, selected: code === first }, words)))));
    const since = plan.node('input', { type: 'date' }), file = plan.node('input', { type: 'file', accept: '.xlsx,.csv,.gpkg' }), outside = plan.node('input', { type: 'checkbox' });
    const trouble = plan.node('p', { class: 'plan-trouble', role: 'alert' });
    const begin = async (event) => {
      event.preventDefault();
      if (!name.value.trim()) { trouble.textContent = form.nameless; name.focus(); return; }
      try {
        const made = await plan.ask('', { name: name.value.trim(), place: place.value || null, since: since.value || null, allow_outside: outside.checked });
        if (file.files[0]) await plan.sendSheet(made.code, file.files[0]);
        location.href = `/plan/${made.code}${plan.book.query}`;
      } catch (error) { trouble.textContent = error.message; }
    };
    box.replaceChildren(plan.node('form', { onsubmit: begin },
      plan.node('label', {}, form.name, name), plan.node('label', {}, form.place, place), plan.node('label', {}, form.since, since),
      plan.node('label', {}, form.file, file), plan.node('label', { class: 'plan-check' }, outside, form.outside), trouble,
      plan.node('button', { type: 'submit', class: 'plan-primary' }, form.begin)));
  };
})(window.beatplan);
