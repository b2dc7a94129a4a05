// The plan in the browser: what the server told of it, what was painted since, and what still has to be written.
window.beatplan = window.beatplan || {};
(function (plan) {
  const RETRY_MS = 2000, POLL_MS = 2500;
  const listeners = {};

  plan.on = (what, tell) => (listeners[what] = listeners[what] || []).push(tell);
  plan.emit = (what, told) => (listeners[what] || []).forEach((tell) => tell(told));
  plan.forget = () => Object.keys(listeners).forEach((what) => delete listeners[what]);
  plan.el = (id) => document.getElementById(id);
  plan.alive = () => Boolean(plan.el('plan-bar'));

  // A word of the page by name, its {places} filled.
  plan.say = (name, values = {}) =>
    (plan.book.words[name] ?? name).replace(/\{(\w+)\}/g, (_, part) => values[part] ?? '');

  // A part of the page: tag, what it is told (class, text, on…, anything else an attribute), and what is in it.
  plan.node = (tag, told = {}, ...inside) => {
    const made = document.createElement(tag);
    Object.entries(told).forEach(([name, value]) => {
      if (value === undefined || value === null || value === false) return;
      if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
      else if (name === 'class') made.className = value;
      else if (name === 'style') Object.assign(made.style, value);
      else made.setAttribute(name, value === true ? '' : value);
    });
    made.append(...inside.flat().filter((part) => part !== null && part !== undefined && part !== false));
    return made;
  };

  // A padlock, drawn so that no font need have it.
  plan.lockSign = (closed) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    made.setAttribute('viewBox', '0 0 16 16');
    made.setAttribute('class', 'plan-lock');
    made.setAttribute('aria-hidden', 'true');
    made.innerHTML = `<path d="M3 7h10v7H3z"/><path d="M5 7V5a3 3 0 0 1 6 0${closed ? 'v2' : ''}" class="plan-lock-bow"/>`;
    return made;
  };

  plan.ask = async (path, body, more = {}) => {
    const sent = body === undefined ? {} : { method: 'POST', body: more.raw ? body : JSON.stringify(body) };
    const headers = body === undefined || more.raw ? {} : { 'Content-Type': 'application/json' };
    let answer;
    try {
      answer = await fetch('/api/v1/plans' + path, { headers, ...sent });
    } catch (error) {
      throw Object.assign(new Error(String(error)), { status: 0 });
    }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const words = (document.documentElement.lang !== 'en' && told.message_zh) || told.message;
      throw Object.assign(new Error(words || answer.statusText), { status: answer.status });
    }
    return told;
  };

  // Read the plan, its board and the shapes of its cells.
  plan.open = async (setup) => {
    const shapes = fetch(`/api/v1/boundaries/${setup.version}/cells.geojson`).then((answer) => answer.json());
    const [board, standing, geo] = await Promise.all([
      plan.ask(`/${setup.code}/board`), plan.ask(`/${setup.code}`), shapes,
    ]);
    const { cells, beats } = board, n = cells.code.length;
    Object.assign(plan.book, {
      cells, beats, edges: board.edges, at: new Map(cells.code.map((code, i) => [code, i])),
      beatAt: new Map(beats.code.map((code, i) => [code, i])), base: Int32Array.from(cells.base),
      held: Int32Array.from(cells.base), near: neighbours(board.edges, n), shape: new Array(n),
      load: new Float64Array(beats.code.length), count: new Int32Array(beats.code.length),
      tint: [...beats.tint], picked: new Set(), target: -1, tool: 'select', scope: null, queue: [], preview: null,
      event: null, lockedCells: new Set(), lockedBeats: new Set(),
    });
    geo.features.forEach((feature) => {
      const i = plan.book.at.get(feature.id);
      if (i !== undefined) plan.book.shape[i] = feature.geometry;
    });
    plan.book.started = startLoads();
    recount();
    plan.take(standing);
  };

  const neighbours = (edges, n) => {
    const near = Array.from({ length: n }, () => []);
    edges.forEach(([a, b]) => { near[a].push(b); near[b].push(a); });
    return near;
  };

  const startLoads = () => {
    const sums = new Float64Array(plan.book.beats.code.length);
    plan.book.base.forEach((beat, cell) => { sums[beat] += plan.book.cells.demand[cell] || 0; });
    return sums;
  };

  const recount = () => {
    const { book } = plan;
    book.load.fill(0); book.count.fill(0);
    book.held.forEach((beat, cell) => { book.load[beat] += book.cells.demand[cell] || 0; book.count[beat] += 1; });
  };

  // Put cells into beats at once; the page follows, the server is told by `commit`.
  plan.put = (cells, beatOf) => {
    const { book } = plan, changed = [];
    cells.forEach((cell) => {
      const was = book.held[cell], now = beatOf(cell);
      if (was === now) return;
      const work = book.cells.demand[cell] || 0;
      book.held[cell] = now;
      book.load[was] -= work; book.load[now] += work;
      book.count[was] -= 1; book.count[now] += 1;
      changed.push(cell);
    });
    if (changed.length) plan.emit('cells', changed);
    return changed;
  };

  // What a standing says: cells follow unless something painted since is still on its way.
  plan.take = (standing) => {
    const { book } = plan;
    const before = book.standing;
    book.standing = standing;
    book.edit = standing.edit;
    book.lockedCells = new Set(standing.locked_cells.map((code) => book.at.get(code)));
    book.lockedBeats = new Set(standing.locked_beats.map((code) => book.beatAt.get(code)));
    if (!book.queue.length && !book.preview) follow(standing);
    plan.emit('standing', before);
  };

  const follow = (standing) => {
    const { book } = plan;
    plan.put([...book.held.keys()], (cell) => {
      const moved = standing.moves[book.cells.code[cell]];
      return moved === undefined ? book.base[cell] : book.beatAt.get(moved);
    });
  };
  plan.follow = () => follow(plan.book.standing);

  // Write something, in the order in which it was done.
  plan.write = (path, body) => {
    plan.book.queue.push({ path, body });
    plan.emit('saving');
    if (plan.book.queue.length === 1) drain();
  };
  plan.commit = (cells, beat, reason) => {
    const { book } = plan;
    const codes = cells.map((cell) => book.cells.code[cell]);
    plan.write('/edits', { kind: 'assign', cells: codes, beat: book.beats.code[beat], reason });
  };

  const drain = async () => {
    const { book } = plan;
    while (book.queue.length && plan.alive()) {
      const { path, body } = book.queue[0];
      try {
        const told = await plan.ask(`/${book.code}${path}`, { ...body, after: book.edit });
        book.queue.shift();
        book.offline = false;
        if (told.moves) plan.take(told);
      } catch (error) {
        if (error.status && error.status !== 503) return refused(error);
        book.offline = true;
        plan.emit('saving');
        await new Promise((again) => setTimeout(again, RETRY_MS));
      }
    }
    plan.emit('saving');
  };

  const refused = async (error) => {
    plan.book.queue.length = 0;
    plan.toast(error.message, 'bad');
    await plan.reload();
  };

  plan.reload = async () => {
    try {
      plan.take(await plan.ask(`/${plan.book.code}`));
    } catch (error) {
      plan.toast(plan.say('failed', { why: error.message }), 'bad');
    }
    plan.emit('saving');
  };

  // Others at work: ask often and cheaply, read again only when something has changed.
  plan.listen = () => {
    const timer = setInterval(async () => {
      if (!plan.alive()) return clearInterval(timer);
      const { book } = plan;
      if (document.hidden || book.queue.length) return;
      const told = await plan.ask(`/${book.code}/revision`).catch(() => null);
      if (!told || book.queue.length) return;
      if (told.edit !== book.edit || told.state !== book.standing.plan.state) await changedElsewhere(told);
      if (book.event !== null && told.event !== book.event) plan.emit('story');
      book.event = told.event;
      if (told.search && told.search > (book.search ?? 0)) { book.search = told.search; plan.followSearch(told.search); }
    }, POLL_MS);
  };

  const changedElsewhere = async (told) => {
    const { book } = plan, since = book.edit;
    if (book.preview) plan.leavePreview();
    await plan.reload();
    const theirs = book.standing.edits.filter((edit) => edit.no > since && edit.by !== book.me).map((edit) => edit.by);
    const by = [...new Set(theirs)].join(', ');
    plan.toast(by ? plan.say('moved_by', { by }) : plan.say('reloaded'));
  };

  plan.toast = (words, kind = 'told') => {
    const made = plan.node('div', { class: `plan-toast plan-toast-${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, words);
    plan.el('plan-toasts')?.append(made);
    setTimeout(() => made.remove(), kind === 'bad' ? 9000 : 4500);
  };

  plan.when = (at) => new Date(at).toLocaleString('sv-SE', { timeZone: plan.book.zone }).slice(5, 16);
  plan.mayPlan = () => plan.book.rights.includes('plan');
  plan.mayEdit = () => plan.book.standing.may_edit && !plan.book.preview;
  plan.beatName = (beat) => plan.book.beats.name[beat] || plan.book.beats.code[beat];
  plan.number = (value, digits = 0) =>
    value === null || value === undefined || Number.isNaN(value) ? '–'
      : value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
})(window.beatplan);
