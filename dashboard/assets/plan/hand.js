// What is handed over, and who is told of it: the beats that give and take, before and after the plan is published.
(function (plan) {
  plan.handPanel = () => {
    const box = plan.node('div', { class: 'plan-hand' }, plan.node('p', { class: 'plan-note' }, '…'));
    Promise.all([plan.ask(`/${plan.book.code}/notices`), plan.ask(`/${plan.book.code}/handover`)])
      .then(([notices, lists]) => box.replaceChildren(...drawn(notices, lists)))
      .catch((error) => box.replaceChildren(plan.node('p', { class: 'plan-note', role: 'alert' }, error.message)));
    return [box];
  };

  const drawn = (notices, lists) => {
    const { plan: head } = plan.book.standing, page = `/plan/${head.code}/handover`, lang = `lang=${plan.book.lang}`;
    if (!notices.length) return [plan.node('p', { class: 'plan-note' }, plan.say('hand_nothing'))];
    const told = notices.find((each) => each.told_at);
    const counts = new Map(lists.beats.map((row) => [row.beat, row]));
    const open = lists.matters.filter((each) => each.open).length, due = lists.matters.filter((each) => each.revisit_due_at).length;
    return [
      plan.node('p', { class: `plan-told${told ? ' plan-told-done' : ''}`, role: 'status' }, told
        ? plan.say('hand_told', { n: notices.length, at: plan.when(told.told_at), day: plan.day(told.since) })
        : plan.say('hand_tells', { n: notices.length })),
      plan.node('ul', { class: 'plan-hands' }, notices.map((each) => beat(each, counts.get(each.beat) ?? {}))),
      plan.node('h3', {}, plan.say('hand_matters')),
      plan.node('p', { class: 'plan-note' }, plan.say('hand_open', { n: open, due })),
      plan.node('p', { class: 'plan-links' }, link(plan.say('handover'), `${page}?${lang}`), link(`${plan.say('handover')} PDF`, `${page}.pdf?${lang}`)),
    ];
  };

  const link = (words, href) => plan.node('a', { href, target: '_blank', rel: 'noopener', class: 'plan-link' }, words);

  const beat = (each, sums) => {
    const cells = [...each.gives, ...each.takes].map((code) => plan.book.at.get(code)).filter((cell) => cell !== undefined);
    const parts = [
      each.gives.length ? plan.say('hand_gives', { n: each.gives.length, open: plan.number(sums.given_open_matters ?? 0) }) : null,
      each.takes.length ? plan.say('hand_takes', { n: each.takes.length, open: plan.number(sums.taken_open_matters ?? 0) }) : null,
    ].filter(Boolean);
    return plan.node('li', {},
      plan.node('button', { type: 'button', class: 'plan-link', onclick: () => plan.zoomTo(cells) }, each.name ?? each.beat),
      plan.node('small', {}, each.lead ? plan.say('hand_lead', { lead: each.lead }) : plan.say('hand_nobody')),
      plan.node('p', {}, parts.join(' · ')));
  };
})(window.beatplan);
