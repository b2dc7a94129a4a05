// Begins the page that Dash has drawn: the list, or the workbench of one plan.
window.dash_clientside = window.dash_clientside || {};
(function (plan) {
  window.dash_clientside.plan = {
    start: (setup) => {
      if (!setup || (plan.book && plan.book.setup === setup)) return window.dash_clientside.no_update;
      plan.forget();
      plan.map = null;
      plan.book = { ...setup, setup };
      if (setup.code) work(setup); else plan.drawList();
      return true;
    },
  };

  const work = async (setup) => {
    try {
      await plan.open(setup);
    } catch (error) {
      const gone = error.status === 404;
      const why = plan.node('p', {}, gone ? plan.say('no_plan') : plan.say('unreadable', { why: error.message }));
      const again = gone ? '' : plan.node('button', { type: 'button', onclick: () => location.reload() }, plan.say('again'));
      const home = plan.node('a', { href: `/plan${setup.query}`, class: 'plan-link' }, plan.say('all_plans'));
      const mark = plan.node('div', { class: 'note-mark note-mark-bad', 'aria-hidden': 'true' }, '!');
      plan.el('plan-bar').hidden = true;
      document.querySelector('.plan-work').replaceWith(
        plan.node('section', { class: 'panel plan-missing' }, plan.node('div', { class: 'note', role: 'alert' }, mark, why, again, home)),
      );
      return;
    }
    plan.armCompare(); plan.armBar(); plan.drawBar(); plan.drawLoads(); plan.armSide(); plan.drawSide(); plan.drawTarget(); plan.drawProblems(); plan.armKeys();
    plan.el('plan-tools').addEventListener('click', (event) => {
      const found = event.target.closest('[data-tool]');
      if (found) plan.setTool(found.dataset.tool);
    });
    await plan.drawMap();
    window.dash_clientside.screen.scale(null, 'plan-map', 'plan-scale');
    plan.armTools();
    plan.setTool('select');
    await plan.findSearch();
    plan.listen();
    plan.tellOthers();
    plan.compareAsked();
    document.querySelector('.plan').dataset.ready = '1';
  };
})(window.beatplan);
