// The bar above the map: whose plan this is and how far, what may be done with it next, and the small questions first.
(function (plan) {
  plan.drawBar = () => {
    const { book } = plan, { standing } = book, head = standing.plan;
    const asks = standing.steps.filter((step) => step !== 'publish' && step !== 'roll_back');
    const main = { draft: 'submit', submitted: 'approve', approved: 'publish', published: 'roll_back' }[head.state];
    const steps = [...asks, ...standing.steps.filter((step) => !asks.includes(step))];
    plan.el('plan-bar').replaceChildren(
      plan.node('a', { href: `/plan${book.query}`, class: 'plan-back', 'aria-label': '←' }, '←'),
      plan.node('div', { class: 'plan-title' }, plan.node('h1', {}, head.name), plan.node('small', {}, head.code)),
      plan.node('span', { class: `plan-state plan-state-${head.state}` }, plan.say(`state_${head.state}`)),
      head.effective_at ? plan.node('span', { class: 'quiet' }, plan.say('holds_from', { day: local(head.effective_at) })) : '',
      plan.node('span', { class: 'plan-saved', id: 'plan-saved', role: 'status' }), plan.node('span', { class: 'spring' }),
      standing.may_edit ? tool('↶', 'key_undo', () => plan.turn('undo'), !standing.undo) : '',
      standing.may_edit ? tool('↷', 'key_redo', () => plan.turn('redo'), !standing.redo) : '',
      button(plan.say('key_c'), plan.toggleSwipe), button(plan.say('do_compare'), plan.comparePlans),
      files(head), tool('?', 'keys', plan.help),
      ...steps.map((step) => button(plan.say(`do_${step}`), () => take(step), step === main ? 'plan-primary' : '')));
    saving();
  };

  const button = (words, onclick, kind = '') => plan.node('button', { type: 'button', class: kind, onclick }, words);
  const tool = (sign, name, onclick, disabled) => plan.node('button', { type: 'button', class: 'plan-tool', title: plan.say(name), 'aria-label': plan.say(name), disabled, onclick }, sign);
  const local = plan.day = (at) => new Date(at).toLocaleDateString('sv-SE', { timeZone: plan.book.zone });

  const files = (head) => {
    const link = (words, href) => plan.node('a', { href, target: '_blank', rel: 'noopener' }, words);
    const page = `/plan/${head.code}`, lang = `lang=${plan.book.lang}`;
    const sheet = (form) => link(form.toUpperCase(), `/api/v1/plans/${head.code}/assignment?form=${form}`);
    return plan.node('details', { class: 'plan-menu' }, plan.node('summary', {}, plan.say('files')), plan.node('div', {},
      link(plan.say('print'), `${page}/print?${lang}`), link(`${plan.say('print')} PDF`, `${page}/print.pdf?${lang}`),
      link(plan.say('handover'), `${page}/handover?${lang}`), link(`${plan.say('handover')} PDF`, `${page}/handover.pdf?${lang}`),
      plan.book.rights.includes('export') ? plan.node('span', { class: 'plan-forms' }, plan.say('export'), sheet('xlsx'), sheet('csv'), sheet('gpkg')) : null,
      plan.book.standing.may_edit ? plan.node('label', {}, plan.say('import'), plan.node('input', { type: 'file', accept: '.xlsx,.csv,.gpkg', onchange: load })) : null));
  };

  const load = async (event) => {
    const file = event.target.files[0];
    event.target.value = '';
    if (file) await plan.sendSheet(plan.book.code, file).then((told) => plan.take(told.standing)).catch((error) => plan.toast(error.message, 'bad'));
  };

  // A sheet of cells and beats goes up as it is; bad rows come back by line.
  plan.sendSheet = async (code, file) => {
    const form = (file.name.match(/\.(xlsx|csv|gpkg)$/i) || [])[1]?.toLowerCase();
    if (!form) throw new Error(plan.say('file_form'));
    const told = await plan.ask(`/${code}/assignment?form=${form}`, file, { raw: true });
    told.rejected.slice(0, 5).forEach((each) => plan.toast(plan.say('rejected', each), 'bad'));
    plan.toast(plan.say('imported', { moved: told.moved, same: told.unchanged }));
    return told;
  };

  const saving = () => {
    const box = plan.el('plan-saved'), { book } = plan;
    if (!box) return;
    const words = book.offline ? plan.say('offline', { n: book.queue.length })
      : book.queue.length ? plan.say('saving') : plan.say('saved', { n: book.edit });
    box.replaceChildren(words);
    box.classList.toggle('plan-unsaved', Boolean(book.offline));
  };

  plan.armBar = () => {
    plan.on('standing', (before) => { if (!before || signature(before) !== signature(plan.book.standing)) plan.drawBar(); else saving(); });
    plan.on('saving', saving);
    window.addEventListener('beforeunload', (event) => { if (plan.alive() && plan.book.queue.length) event.preventDefault(); });
  };
  const signature = ({ plan: head, steps, undo, redo, may_edit: may }) => JSON.stringify([head, steps, undo, redo, may]);

  plan.turn = (what) => plan.mayEdit() && plan.book.standing[what] && plan.write(`/${what}`, {});

  // A small question before a step: a note, or the day from which a plan holds.
  const take = (step) => {
    const { book } = plan, wrong = book.standing.problems.filter((each) => each.weight === 'error').length;
    if (step === 'submit' && wrong) return plan.toast(plan.say('rules_first', { n: wrong }), 'bad');
    const tomorrow = new Date(Date.now() + 864e5).toLocaleDateString('sv-SE', { timeZone: book.zone });
    const field = step === 'publish'
      ? plan.node('label', {}, plan.say('publish_on'), plan.node('input', { type: 'date', value: tomorrow, min: tomorrow, required: true }))
      : step === 'roll_back' ? null : plan.node('label', {}, plan.say('note'), plan.node('textarea', { rows: 2, maxlength: 4000 }));
    const hint = step === 'withdraw' ? plan.node('p', {}, plan.say('withdraw_sure')) : null;
    ask(plan.say(`do_${step}`), [hint, field], async () => {
      const told = field?.lastChild.value;
      const body = step === 'publish' ? { day: told } : step === 'roll_back' ? {} : { note: told?.trim() || null };
      const head = await plan.ask(`/${book.code}/${step}`, body);
      if (step === 'roll_back') return () => { location.href = `/plan/${head.code}${book.query}`; };
      await plan.reload();
      return step === 'publish' ? published : null;
    });
  };

  const published = () => {
    plan.toast(plan.say('published'));
    ask(plan.say('published'), [plan.node('p', {}, plan.node('a', { href: `/plan/${plan.book.code}/handover?lang=${plan.book.lang}`, target: '_blank', rel: 'noopener', class: 'plan-link' }, plan.say('handover')))], null);
  };

  // A dialog that does something or is closed; what goes wrong is said in it. What `act` returns is called afterwards.
  const ask = plan.dialog = (title, inside, act) => {
    const box = plan.el('plan-dialog'), trouble = plan.node('p', { class: 'plan-trouble', role: 'alert' });
    const go = async (event) => {
      event.preventDefault();
      try {
        const next = await act?.();
        box.close();
        if (next) next();
      } catch (error) { trouble.textContent = error.message; }
    };
    const ends = act ? [plan.node('button', { type: 'button', onclick: () => box.close() }, plan.say('cancel')), plan.node('button', { type: 'submit', class: 'plan-primary' }, plan.say('confirm'))]
      : [plan.node('button', { type: 'submit', class: 'plan-primary' }, plan.say('confirm'))];
    box.replaceChildren(plan.node('form', { onsubmit: go }, plan.node('h2', {}, title), ...inside.filter(Boolean), trouble, plan.node('div', { class: 'plan-ends' }, ends)));
    box.showModal();
  };

  // The first of many cells by name.
  const someOf = (codes) => {
    const named = codes.slice(0, 3).map((code) => plan.book.cells.name[plan.book.at.get(code)] || code);
    return named.join(' · ') + (codes.length > 3 ? ' …' : '');
  };

  // What others did meanwhile to the same cells, said once when the plan is opened.
  plan.tellOthers = async () => {
    const told = await plan.ask(`/${plan.book.code}/others`).catch(() => null);
    if (!told || !['draft', 'submitted', 'approved'].includes(plan.book.standing.plan.state)) return;
    const crossed = document.documentElement.lang === 'en' ? told.collisions : told.collisions_zh;
    crossed.slice(0, 2).forEach((what) => plan.toast(plan.say('collides', { what }), 'bad'));
    told.plans.slice(0, 2).forEach((each) => plan.toast(plan.say('other_plans', { code: each.plan, n: each.cells.length, cells: someOf(each.cells) })));
    if (told.collisions.length && plan.book.standing.may_edit) {
      plan.el('plan-bar').append(button(plan.say('do_refresh'), async () => {
        await plan.ask(`/${plan.book.code}/refresh`, {}).catch((error) => plan.toast(error.message, 'bad'));
        location.reload();
      }));
    }
  };
})(window.beatplan);
