// Links between pages take along what the address says at the moment of the click, not when they were drawn.
(function () {
  const link = (event) => event.target.closest?.('a[data-inside],a[data-switch]');
  const inHead = (found) => found && found.closest('header,.panel-head');

  // Filters change the address without drawing the head anew: bring a link up to it before it is followed or copied.
  const refresh = (event) => {
    const found = link(event);
    if (!inHead(found)) return;
    const query = new URLSearchParams(location.search);
    if (found.dataset.switch) {
      query.set(found.dataset.switch, found.dataset.value);
      found.pathname = location.pathname;
    } else ['figure', 'key'].forEach((name) => query.delete(name)); // of one page's rows only
    found.search = query.size ? '?' + query : '';
  };
  ['pointerover', 'pointerdown', 'focusin'].forEach((name) => document.addEventListener(name, refresh, true));

  // A page that Dash draws is changed to without loading: its own Location listens for this event.
  document.addEventListener('click', (event) => {
    const found = link(event);
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!found || !plain || !found.dataset.inside || !document.querySelector('.desk')) return;
    event.preventDefault();
    history.pushState({}, '', found.href);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
    document.querySelectorAll('details.pages-menu[open]').forEach((menu) => menu.removeAttribute('open'));
    window.scrollTo(0, 0);
  });
})();
