// The map of a plan: each cell wears the tint of its beat as a state of the feature, so that paint shows at once.
(function (plan) {
  const CLOSEST = 16;

  plan.mapIn = (box) => document.querySelector(`${box} .js-plotly-plot`)?._fullLayout?.map?._subplot?.map;

  // The map once its style is there.
  plan.mapReady = (box) => new Promise((told) => {
    const look = () => {
      const map = plan.mapIn(box);
      if (map && map.getSource('borders') && map.getLayer('plan-fill')) return told(map);
      if (plan.alive()) setTimeout(look, 60);
    };
    look();
  });

  plan.drawMap = async () => {
    const map = plan.map = await plan.mapReady('#plan-map');
    pattern(map);
    segments();
    dress(map, plan.book.held);
    map.fitBounds(plan.boxOf([...plan.book.held.keys()]), { padding: { top: 72, bottom: 60, left: 48, right: 40 }, animate: false });
    map.once('idle', () => dress(map, plan.book.held));
    let asked = false;
    const soon = () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => { asked = false; words(map, plan.book.held); moved(map); });
    };
    plan.on('cells', (cells) => { mend(cells); paint(map, plan.book.held, cells); soon(); });
    plan.on('standing', () => { limits(map); wrong(map); soon(); });
    plan.on('scope', () => limits(map));
    plan.on('target', () => wrong(map));
    limits(map); wrong(map); soon();
  };

  // Lines over what has moved: readable in grey, on every tint.
  const pattern = (map) => {
    const size = 10, canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const pen = canvas.getContext('2d');
    [[plan.book.hatch[1], 3], [plan.book.hatch[0], 1.4]].forEach(([colour, wide]) => {
      pen.strokeStyle = colour; pen.lineWidth = wide; pen.globalAlpha = 0.75;
      [-size, 0, size].forEach((x) => { pen.beginPath(); pen.moveTo(x, size); pen.lineTo(x + size, 0); pen.stroke(); });
    });
    if (!map.hasImage('plan-hatch')) map.addImage('plan-hatch', pen.getImageData(0, 0, size, size));
  };

  const rings = (shape) => (shape ? (shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat()) : []);

  // The pieces of border that two cells share, a feature for each pair; drawn where the two lie in different beats.
  const segments = () => {
    const { book } = plan, owner = new Map(), lines = new Map();
    book.shape.forEach((shape, cell) => rings(shape).forEach((ring) => {
      const name = ring.map((spot) => spot[0] + ',' + spot[1]);
      for (let i = 1; i < ring.length; i += 1) {
        const a = name[i - 1], b = name[i], key = a < b ? a + ';' + b : b + ';' + a;
        const other = owner.get(key);
        if (other === undefined) owner.set(key, cell);
        else if (other !== cell) {
          const pair = `${Math.min(cell, other)}-${Math.max(cell, other)}`;
          if (!lines.has(pair)) lines.set(pair, []);
          lines.get(pair).push([ring[i - 1], ring[i]]);
        }
      }
    }));
    book.pairs = [...lines.keys()].map((pair) => pair.split('-').map(Number));
    book.pairsOf = Array.from({ length: book.shape.length }, () => []);
    book.pairs.forEach(([a, b], id) => { book.pairsOf[a].push(id); book.pairsOf[b].push(id); });
    book.pairLines = collection([...lines.values()].map((parts, id) => feature(
      { type: 'MultiLineString', coordinates: parts }, { id },
    )));
    const codes = book.cells.code.map((code, i) => feature(point(i), {
      code, name: book.cells.name[i], short: (book.cells.name[i].match(/\d+\D*$/) || [code.slice(-3)])[0],
    }));
    book.codePoints = collection(codes);
  };

  const collection = (features) => ({ type: 'FeatureCollection', features });
  const feature = (geometry, properties) => ({ type: 'Feature', geometry, properties });
  const point = (cell) => ({ type: 'Point', coordinates: [plan.book.cells.lon[cell], plan.book.cells.lat[cell]] });

  // Everything of an assignment on a map, from nothing.
  const dress = plan.dress = (map, held) => {
    map.getSource('borders').setData(plan.book.pairLines);
    map.getSource('codes').setData(plan.book.codePoints);
    paint(map, held, [...held.keys()]);
    words(map, held);
  };

  const paint = (map, held, cells) => {
    const { book } = plan, seen = new Set();
    cells.forEach((cell) => {
      map.setFeatureState({ source: 'cells', id: book.cells.code[cell] }, { tint: book.tint[held[cell]] });
      book.pairsOf[cell].forEach((id) => seen.add(id));
    });
    seen.forEach((id) => {
      const [a, b] = book.pairs[id];
      map.setFeatureState({ source: 'borders', id }, { cut: held[a] !== held[b] });
    });
  };

  // Where paint has brought two beats of one tint together, the smaller takes another.
  const mend = (cells) => {
    const { book } = plan, turned = new Set();
    cells.forEach((cell) => book.near[cell].forEach((other) => {
      const [a, b] = [book.held[cell], book.held[other]];
      if (a === b || book.tint[a] !== book.tint[b]) return;
      const beat = book.count[a] <= book.count[b] ? a : b;
      book.tint[beat] = freeTint(beat);
      turned.add(beat);
    }));
    if (!turned.size) return;
    paint(plan.map, book.held, [...book.held.keys()].filter((cell) => turned.has(book.held[cell])));
    plan.emit('tints', turned);
  };

  const freeTint = (beat) => {
    const { book } = plan, taken = new Set(), worn = new Array(book.tints.length).fill(0);
    book.tint.forEach((tint) => { worn[tint] += 1; });
    book.held.forEach((held, cell) => {
      if (held === beat) book.near[cell].forEach((other) => book.held[other] !== beat && taken.add(book.tint[book.held[other]]));
    });
    const free = book.tints.map((_, tint) => tint).filter((tint) => !taken.has(tint));
    return free.sort((a, b) => worn[a] - worn[b])[0] ?? book.tint[beat];
  };

  // A beat's name stands in the cell that is nearest to its middle.
  const words = (map, held) => {
    const { book } = plan, sums = new Map();
    held.forEach((beat, cell) => {
      const sum = sums.get(beat) || [0, 0, 0];
      sums.set(beat, [sum[0] + book.cells.lon[cell], sum[1] + book.cells.lat[cell], sum[2] + 1]);
    });
    const best = new Map();
    held.forEach((beat, cell) => {
      const [x, y, n] = sums.get(beat);
      const away = Math.hypot(book.cells.lon[cell] - x / n, book.cells.lat[cell] - y / n);
      if (!best.has(beat) || best.get(beat)[0] > away) best.set(beat, [away, cell]);
    });
    map.getSource('names').setData(collection([...best].map(([beat, [, cell]]) => feature(
      point(cell), { name: plan.beatName(beat), rank: -sums.get(beat)[2] },
    ))));
  };

  const moved = (map) => {
    const { book } = plan, found = [];
    book.held.forEach((beat, cell) => {
      if (beat !== book.base[cell] && book.shape[cell]) found.push(feature(book.shape[cell], {}));
    });
    map.getSource('moved').setData(collection(found));
  };

  // Cells that may not be painted under the chosen limits grow pale; only what has changed is told to the map.
  const limits = (map) => {
    const { book } = plan, before = book.pale || new Set(), now = new Set();
    if (book.scope) book.held.forEach((_, cell) => plan.inScope(cell) || now.add(cell));
    book.pale = now;
    [...before].filter((cell) => !now.has(cell)).concat([...now].filter((cell) => !before.has(cell))).forEach((cell) => {
      map.setFeatureState({ source: 'cells', id: book.cells.code[cell] }, { dim: now.has(cell) });
    });
  };

  const wrong = (map) => {
    const { book } = plan, cells = new Set();
    if (!book.preview) book.standing.problems.forEach((each) => plan.cellsOf(each).forEach((cell) => cells.add(cell)));
    map.getSource('wrong').setData(collection([...cells].filter((cell) => book.shape[cell]).map(
      (cell) => feature(book.shape[cell], {}),
    )));
  };

  // The cells that a finding is about; those of its beat when it names none.
  plan.cellsOf = (problem) => {
    const { book } = plan;
    if (problem.cells.length) return problem.cells.map((code) => book.at.get(code)).filter((cell) => cell !== undefined);
    const beat = book.beatAt.get(problem.beat);
    return [...book.held.keys()].filter((cell) => book.held[cell] === beat);
  };

  plan.mark = (cell, on) =>
    plan.map?.setFeatureState({ source: 'cells', id: plan.book.cells.code[cell] }, { picked: on });

  plan.boxOf = (cells) => {
    let [west, south, east, north] = [180, 90, -180, -90];
    cells.forEach((cell) => rings(plan.book.shape[cell]).forEach((ring) => ring.forEach(([x, y]) => {
      west = Math.min(west, x); east = Math.max(east, x); south = Math.min(south, y); north = Math.max(north, y);
    })));
    return [[west, south], [east, north]];
  };

  plan.zoomTo = (cells) => {
    if (cells.length) plan.map.fitBounds(plan.boxOf(cells), { padding: cells.length > 40 ? 60 : 120, maxZoom: CLOSEST, duration: 400 });
  };
})(window.beatplan);
