// The planner's hands: click, brush, lasso and box on the map, the keyboard, what may be painted and into which beat.
(function (plan) {
  const STEP_PX = 5;

  plan.inScope = (cell) => {
    const { scope, cells, base, held, target } = plan.book;
    if (!scope) return true;
    if (scope.kind === 'community') return cells.community[cell] === scope.value;
    return base[cell] === scope.value || held[cell] === scope.value;
  };

  const mayMove = (cell) => {
    const { book } = plan;
    return plan.inScope(cell) && !book.lockedCells.has(cell) && !book.lockedBeats.has(book.held[cell]);
  };

  // Those of `cells` that may be painted; says how many were left out and why.
  const paintable = (cells) => {
    const { book } = plan, wanted = cells.filter((cell) => book.held[cell] !== book.target);
    const locked = wanted.filter((cell) => plan.inScope(cell) && !mayMove(cell)).length;
    const outside = wanted.filter((cell) => !plan.inScope(cell)).length;
    if (locked) plan.toast(plan.say('locked_left', { n: locked }));
    if (outside) plan.toast(plan.say('scope_left', { n: outside }));
    return wanted.filter(mayMove);
  };

  plan.setTarget = (beat) => {
    plan.book.target = beat;
    plan.book.dropper = false;
    plan.emit('target');
  };

  plan.setTool = (tool) => {
    plan.book.tool = tool;
    document.querySelectorAll('#plan-tools [data-tool]').forEach((button) =>
      button.setAttribute('aria-pressed', String(button.dataset.tool === tool)));
    const { map } = plan;
    if (!map) return;
    const pans = tool === 'select' && !plan.book.dropper;
    map.dragPan[pans ? 'enable' : 'disable']();
    map.boxZoom.disable();
    map.doubleClickZoom.disable();
    map.getCanvas().style.cursor = pans ? 'pointer' : 'crosshair';
    plan.emit('target');
  };

  plan.pick = (cells, add = false) => {
    const { book } = plan;
    if (!add) { book.picked.forEach((cell) => plan.mark(cell, false)); book.picked.clear(); }
    cells.forEach((cell) => {
      if (add && book.picked.has(cell) && cells.length === 1) { book.picked.delete(cell); plan.mark(cell, false); }
      else { book.picked.add(cell); plan.mark(cell, true); }
    });
    plan.emit('picked');
  };

  // Cells go to the target: at once here, then on the server.
  plan.assign = (cells, reason) => {
    if (!plan.mayEdit()) return;
    if (plan.book.target < 0) return plan.toast(plan.say('no_target'));
    const { target } = plan.book, moved = plan.put(paintable(cells), () => target);
    if (moved.length) plan.commit(moved, target, reason);
    plan.pick([]);
  };

  plan.lock = (on) => {
    const { book } = plan, cells = [...book.picked].map((cell) => book.cells.code[cell]);
    if (cells.length && plan.mayEdit()) plan.write('/edits', { kind: on ? 'lock' : 'unlock', cells });
    plan.pick([]);
  };

  const cellAt = (spot) => {
    const found = plan.map.queryRenderedFeatures(spot, { layers: ['plan-fill'] })[0];
    return found ? plan.book.at.get(found.id) : undefined;
  };

  // The pointer on the map. A stroke of the brush, a ring or a box is one edit.
  plan.armTools = () => {
    const box = plan.map.getCanvasContainer();
    let stroke = null;
    const spotOf = (event) => {
      const frame = box.getBoundingClientRect();
      return [event.clientX - frame.left, event.clientY - frame.top];
    };
    const down = (event) => {
      const { book } = plan;
      if (event.button !== 0 || book.panning || !event.isPrimary) return;
      const spot = spotOf(event);
      if (book.dropper) return drop(spot, event);
      if (book.tool === 'select') { stroke = { tool: 'select', from: spot, add: event.shiftKey }; return; }
      if (!plan.mayEdit()) return;
      if (book.tool === 'brush' && book.target < 0) return plan.toast(plan.say('no_target'));
      event.preventDefault(); event.stopPropagation();
      box.setPointerCapture(event.pointerId);
      stroke = { tool: book.tool, path: [spot], moved: [], seen: new Set(), add: event.shiftKey };
      if (book.tool === 'brush') brush(stroke, spot);
    };
    const move = (event) => {
      if (!stroke || stroke.tool === 'select') return;
      event.preventDefault(); event.stopPropagation();
      const spot = spotOf(event), last = stroke.path[stroke.path.length - 1];
      if (stroke.tool === 'brush') between(last, spot, (each) => brush(stroke, each));
      stroke.path.push(spot);
      if (stroke.tool !== 'brush') outline(ringOf(stroke));
    };
    const up = (event) => {
      if (!stroke) return;
      const done = stroke;
      stroke = null;
      outline(null);
      if (done.tool === 'select') return select(done, spotOf(event));
      event.stopPropagation();
      if (done.tool === 'brush') { if (done.moved.length) plan.commit(done.moved, plan.book.target); return; }
      const cells = within(ringOf(done));
      if (plan.book.target < 0 || done.add) plan.pick(cells, done.add); else plan.assign(cells);
    };
    box.addEventListener('pointerdown', down, true);
    box.addEventListener('pointermove', move, true);
    box.addEventListener('pointerup', up, true);
    ['mousedown', 'touchstart'].forEach((name) => box.addEventListener(name, (event) => {
      if (stroke && stroke.tool !== 'select') event.stopPropagation();
    }, true));
  };

  const drop = (spot, event) => {
    const cell = cellAt(spot);
    event.stopPropagation();
    if (cell !== undefined) plan.setTarget(plan.book.held[cell]);
    plan.setTool(plan.book.tool === 'select' ? 'brush' : plan.book.tool);
  };

  const select = (done, spot) => {
    if (Math.hypot(spot[0] - done.from[0], spot[1] - done.from[1]) > STEP_PX) return; // the map was moved
    const cell = cellAt(spot);
    plan.pick(cell === undefined ? [] : [cell], done.add);
    if (cell !== undefined) { plan.book.cursor = cell; plan.emit('cell', cell); }
  };

  const brush = (stroke, spot) => {
    const cell = cellAt(spot);
    if (cell === undefined || stroke.seen.has(cell)) return;
    stroke.seen.add(cell);
    stroke.moved.push(...plan.put(paintable([cell]), () => plan.book.target));
  };

  const between = (from, to, tell) => {
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / STEP_PX));
    for (let i = 1; i <= steps; i += 1) tell([0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * i) / steps));
  };

  const ringOf = ({ tool, path }) => {
    if (tool !== 'box') return path;
    const [[a, b], [c, d]] = [path[0], path[path.length - 1]];
    return [[a, b], [c, b], [c, d], [a, d]];
  };

  const outline = (ring) => {
    const stage = document.querySelector('.plan-stage');
    stage.querySelector('.plan-ring')?.remove();
    if (!ring) return;
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'plan-ring');
    svg.innerHTML = `<polygon points="${ring.map((spot) => spot.join()).join(' ')}"/>`;
    stage.append(svg);
  };

  // Cells whose point lies inside a ring of the screen.
  const within = (ring) => {
    const { cells } = plan.book;
    return [...plan.book.held.keys()].filter((cell) => {
      const { x, y } = plan.map.project([cells.lon[cell], cells.lat[cell]]);
      return ring.reduce((inside, [x1, y1], i) => {
        const [x2, y2] = ring[(i + 1) % ring.length];
        return (y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside;
      }, false);
    });
  };
})(window.beatplan);
