// Over the map: into which beat one paints, where one may, what is picked, and the rules that the plan breaks.
(function (plan) {
  let at = -1;

  plan.dropTarget = () => {
    plan.book.dropper = true;
    plan.setTool(plan.book.tool);
    plan.toast(plan.say('pick_target'));
  };

  plan.nextTarget = (way) => {
    const { book } = plan, beats = [...book.count.keys()].filter((beat) => book.count[beat] || book.beats.led[beat]);
    const here = beats.indexOf(book.target);
    plan.setTarget(beats[(here + way + beats.length) % beats.length] ?? beats[0]);
  };

  plan.drawTarget = () => {
    ['target', 'picked', 'standing', 'tints'].forEach((what) => plan.on(what, draw));
    draw();
  };

  const draw = () => {
    const box = plan.el('plan-target'), { book } = plan;
    if (!box || !book.standing) return;
    box.replaceChildren(...(book.preview ? [plan.node('span', { class: 'plan-chip plan-chip-on' }, plan.node('b', {}, plan.say('preview', { n: book.preview.moves })),
      plan.node('button', { type: 'button', onclick: plan.leavePreview }, plan.say('leave')))] : [
      book.standing.may_edit ? chosen() : watching(), book.standing.may_edit ? scopes() : null, undrawn() ? first() : null, book.picked.size ? picked() : null].filter(Boolean)));
    box.hidden = !box.childElementCount;
    plan.el('plan-tools').hidden = !book.standing.may_edit;
  };

  // Who may not paint is told why, instead of tools that would do nothing.
  const watching = () => {
    const { state, submitted_by: by } = plan.book.standing.plan;
    const why = state === 'draft' ? 'read_draft' : state === 'submitted' || state === 'approved' ? 'read_waiting' : 'read_over';
    return plan.node('span', { class: 'plan-chip plan-chip-read', role: 'note' }, plan.node('b', {}, plan.say('read_only')),
      plan.node('span', {}, plan.say(why, { by: by ?? '', state: plan.say(`state_${state}`) })));
  };

  const chosen = () => {
    const { book } = plan, { target } = book;
    if (target < 0) return plan.node('button', { type: 'button', class: 'plan-chip', onclick: plan.dropTarget }, plan.say('no_target'));
    const locked = book.lockedBeats.has(target);
    return plan.node('span', { class: 'plan-chip plan-chip-on' }, plan.node('span', { class: 'quiet' }, plan.say('target')),
      plan.node('i', { class: 'plan-swatch', style: { background: book.tints[book.tint[target]] } }), plan.node('b', {}, plan.beatName(target)),
      plan.node('button', { type: 'button', title: plan.say(locked ? 'unlock_beat' : 'lock_beat'), 'aria-label': plan.say(locked ? 'unlock_beat' : 'lock_beat'),
        onclick: () => plan.write('/edits', { kind: locked ? 'unlock' : 'lock', beat: book.beats.code[target] }) }, plan.lockSign(locked)),
      plan.node('button', { type: 'button', 'aria-label': plan.say('clear'), onclick: () => plan.setTarget(-1) }, '×'));
  };

  // Nobody has drawn these beats yet: the system may, once it knows who leads them.
  const undrawn = () => {
    const { book } = plan, { led, waiting } = book.beats;
    if (!book.standing.may_edit || !waiting.some((waits, beat) => waits && book.count[beat])) return false;
    return !led.some((has, beat) => has && book.count[beat]);
  };
  const first = () => (plan.book.beats.led.some(Boolean)
    ? plan.node('span', { class: 'plan-chip plan-chip-on plan-chip-first' }, plan.say('first_hint'),
      plan.node('button', { type: 'button', class: 'plan-primary', disabled: drawing, onclick: draft }, plan.say(drawing ? 'first_drawing' : 'first_plan')))
    : plan.node('span', { class: 'plan-chip plan-chip-read plan-chip-first', role: 'note' }, plan.say('first_needs'),
      plan.node('code', {}, './manage.py load beats FILE'), plan.node('code', {}, './manage.py load postings FILE')));

  let drawing = false;
  const draft = async () => {
    drawing = true;
    draw();
    try {
      plan.take(await plan.ask(`/${plan.book.code}/first`, {}));
    } catch (error) { plan.toast(error.message, 'bad'); }
    drawing = false;
    draw();
  };

  // Made once: a city has a thousand beats to choose from.
  let menu = null;
  const scopes = () => {
    if (menu?.made !== plan.book) menu = { made: plan.book, box: scopeMenu() };
    return menu.box;
  };
  const scopeMenu = () => {
    const { book } = plan, used = [...new Set(book.base)], communities = [...new Set(book.cells.community)].filter((each) => each !== null);
    const name = (code) => book.cells.community_name?.[book.cells.community.indexOf(code)] ?? code;
    const option = (value, words) => plan.node('option', { value, selected: value === scopeValue() }, words);
    const choose = (event) => {
      const [kind, value] = event.target.value.split(':');
      book.scope = kind ? { kind, value: Number(value) } : null;
      plan.emit('scope');
    };
    return plan.node('select', { class: 'plan-scope', onchange: choose, 'aria-label': plan.say('everywhere') }, option('', plan.say('everywhere')),
      plan.node('optgroup', { label: plan.say('communities') }, communities.map((code) => option(`community:${code}`, plan.say('only_community', { name: name(code) })))),
      plan.node('optgroup', { label: plan.say('beats') }, used.map((beat) => option(`beat:${beat}`, plan.say('only_beat', { name: plan.beatName(beat) })))));
  };
  const scopeValue = () => (plan.book.scope ? `${plan.book.scope.kind}:${plan.book.scope.value}` : '');

  const picked = () => {
    const { book } = plan, cells = [...book.picked], locked = cells.every((cell) => book.lockedCells.has(cell));
    const act = (words, onclick, kind = '') => plan.node('button', { type: 'button', class: kind, onclick }, words);
    return plan.node('span', { class: 'plan-chip plan-chip-on' }, plan.say('selected', { n: cells.length }),
      book.standing.may_edit && book.target >= 0 ? act(plan.say('assign', { beat: plan.beatName(book.target) }), () => plan.assign(cells), 'plan-primary') : null,
      book.standing.may_edit ? act(plan.say(locked ? 'unlock' : 'lock'), () => plan.lock(!locked)) : null,
      act(plan.say('clear'), () => plan.pick([])));
  };

  plan.drawProblems = () => { at = -1; ['standing', 'target'].forEach((what) => plan.on(what, list)); list(); };

  const list = () => {
    const { problems } = plan.book.standing, box = plan.el('plan-problems');
    if (plan.book.preview) return box.replaceChildren();
    at = Math.min(at, problems.length - 1);
    box.classList.toggle('plan-problems-none', !problems.length);
    if (!problems.length) return box.replaceChildren(plan.node('span', {}, `✓ ${plan.say('no_problem')}`));
    const here = problems[Math.max(0, at)], english = plan.book.lang === 'en';
    box.replaceChildren(
      plan.node('button', { type: 'button', 'aria-label': '‹', onclick: () => plan.problem(-1) }, '‹'),
      plan.node('button', { type: 'button', class: `plan-problem plan-problem-${here.weight}`, onclick: () => show(Math.max(0, at)) },
        plan.node('small', {}, `${here.weight === 'error' ? '✕' : '!'} ${plan.say('problem_of', { i: Math.max(0, at) + 1, n: problems.length })} · ${english ? here.name_en : here.name_zh}`),
        plan.node('span', {}, english ? here.en : here.zh)),
      plan.node('button', { type: 'button', 'aria-label': '›', onclick: () => plan.problem(1) }, '›'));
  };

  plan.problem = (way) => {
    const n = plan.book.standing.problems.length;
    if (n) show(at < 0 ? (way > 0 ? 0 : n - 1) : (at + way + n) % n);
  };

  const show = (number) => {
    at = number;
    plan.zoomTo(plan.cellsOf(plan.book.standing.problems[at]));
    list();
  };
})(window.beatplan);
