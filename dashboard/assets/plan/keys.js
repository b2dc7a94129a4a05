// Everything by keyboard: tools, targets, problems, undo, and a cursor that walks from cell to cell.
(function (plan) {
  const TOOLS = { v: 'select', b: 'brush', l: 'lasso', r: 'box' };
  const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const HELP = [['V', 'key_v'], ['B', 'key_b'], ['L', 'key_l'], ['R', 'key_r'], ['T', 'key_t'], ['[ ]', 'key_brackets'], ['Enter', 'key_enter'],
    ['K', 'key_k'], ['N / P', 'key_n'], ['C', 'key_c'], ['H', 'key_h'], ['Ctrl Z / Ctrl Y', 'key_z'], ['Esc', 'key_esc'], ['↑↓←→', 'keyboard_map'], ['?', 'key_help']];

  plan.help = () => plan.dialog(plan.say('keys'), [plan.node('dl', { class: 'plan-keys' }, HELP.map(([key, words]) =>
    plan.node('div', {}, plan.node('dt', {}, key.split(' ').map((each) => (each === '/' ? ' ' : plan.node('kbd', {}, each)))), plan.node('dd', {}, plan.say(words)))))], null);

  plan.armKeys = () => {
    if (plan.keysArmed) return;
    plan.keysArmed = true;
    document.addEventListener('keydown', (event) => plan.alive() && plan.map && pressed(event));
    document.addEventListener('keyup', (event) => { if (plan.alive() && event.key.toLowerCase() === 'h') plan.peek(false); });
  };

  const pressed = (event) => {
    if (event.target.closest('input,textarea,select,dialog') || plan.el('plan-dialog').open) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      if (key === 'z') plan.turn(event.shiftKey ? 'redo' : 'undo');
      else if (key === 'y') plan.turn('redo');
      else return;
      return event.preventDefault();
    }
    if (event.altKey) return;
    const onMap = event.target.closest('.plan-stage') || event.target === document.body;
    const done = TOOLS[key] ? plan.setTool(TOOLS[key]) ?? true : onMap && walk(key, event) ? true : command(key);
    if (done) event.preventDefault();
  };

  const command = (key) => {
    const acts = {
      t: plan.dropTarget, n: () => plan.problem(1), p: () => plan.problem(-1), c: plan.toggleSwipe, h: () => plan.peek(true),
      k: () => plan.lock(![...plan.book.picked].every((cell) => plan.book.lockedCells.has(cell))), '?': plan.help,
      '[': () => plan.nextTarget(-1), ']': () => plan.nextTarget(1), Escape: leave,
    };
    if (!acts[key]) return false;
    acts[key]();
    return true;
  };

  const leave = () => {
    const { book } = plan;
    if (book.preview) plan.leavePreview();
    else if (book.picked.size) plan.pick([]);
    else if (plan.swiping()) plan.endSwipe();
    else plan.setTarget(-1);
  };

  // The cursor on the map: arrows go to the neighbour that lies most that way.
  const walk = (key, event) => {
    const { book } = plan;
    if (ARROWS[key]) { step(ARROWS[key], event.shiftKey); return true; }
    if (event.target.closest('button,a,[role=button]')) return false;
    if (key === 'Enter' && (book.picked.size || book.cursor !== undefined)) { plan.assign(book.picked.size ? [...book.picked] : [book.cursor]); return true; }
    if (key === ' ' && book.cursor !== undefined) { plan.pick([book.cursor], true); return true; }
    return false;
  };

  const step = ([dx, dy], add) => {
    const { book } = plan, { lon, lat } = book.cells;
    const here = book.cursor ?? 0, squeeze = Math.cos((lat[here] * Math.PI) / 180);
    const best = book.near[here].map((cell) => {
      const [x, y] = [(lon[cell] - lon[here]) * squeeze, lat[cell] - lat[here]];
      return [(x * dx + y * dy) / Math.hypot(x, y), cell];
    }).sort((a, b) => b[0] - a[0])[0];
    if (book.cursor !== undefined && (!best || best[0] < 0.3)) return;
    const next = book.cursor === undefined ? here : best[1];
    book.cursor = next;
    plan.pick([next], add && !book.picked.has(next));
    const spot = plan.map.project([lon[next], lat[next]]), frame = plan.map.getContainer();
    if (spot.x < 60 || spot.y < 60 || spot.x > frame.clientWidth - 60 || spot.y > frame.clientHeight - 60) plan.map.panTo([lon[next], lat[next]]);
  };
})(window.beatplan);
