// A press on a column's name sorts the rows of its table: numbers by size, words as the language orders them, and what
// is unknown last. Numbers begin with the largest, words with the first; another press turns the order round.
(function () {
  const UNKNOWN = '–';

  const text = (row, at) => row.cells[at].textContent.trim();
  const number = (row, at) => parseFloat(text(row, at).replaceAll(',', ''));

  const sorted = (rows, at, isNumber, down) => {
    const words = new Intl.Collator(document.documentElement.lang || 'zh', { numeric: true });
    const known = rows.filter((row) => text(row, at) !== UNKNOWN);
    const compare = isNumber
      ? (one, other) => number(one, at) - number(other, at)
      : (one, other) => words.compare(text(one, at), text(other, at));
    known.sort(down ? (one, other) => compare(other, one) : compare);
    return [...known, ...rows.filter((row) => text(row, at) === UNKNOWN)];
  };

  document.addEventListener('click', (event) => {
    const head = event.target.closest?.('button.sorts')?.closest('th');
    if (!head) return;
    const body = head.closest('table').tBodies[0];
    const isNumber = head.classList.contains('to-right');
    const before = head.getAttribute('aria-sort');
    const down = before === 'none' ? isNumber : before === 'ascending';
    for (const other of head.parentElement.cells) other.setAttribute('aria-sort', 'none');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    body.append(...sorted([...body.rows], head.cellIndex, isNumber, down));
  });
})();
