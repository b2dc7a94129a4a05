// A mark of a chart leads to the rows behind it (its address is the last of its customdata), and charts become files.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.marks = {
  follow: function () {
    const asked = window.dash_clientside.callback_context.triggered?.[0]?.value;
    const details = asked?.points?.[0]?.customdata;
    const href = Array.isArray(details) ? details[details.length - 1] : details; // a ribbon has nothing but its address
    if (typeof href === 'string' && href.startsWith('/')) location.assign(href);
    return window.dash_clientside.no_update;
  },
};
document.addEventListener('click', (event) => {
  const asked = event.target.closest?.('[data-picture]');
  if (!asked) return;
  const charts = asked.closest('.card').querySelectorAll('.js-plotly-plot');
  charts.forEach((chart, n) => {
    const box = chart.getBoundingClientRect();
    const ground = getComputedStyle(document.documentElement).getPropertyValue('--surface');
    const picture = { data: chart.data, layout: { ...chart.layout, paper_bgcolor: ground.trim() } };
    const size = { width: Math.round(box.width), height: Math.round(box.height), scale: 2 };
    const filename = asked.dataset.name + (charts.length > 1 ? '-' + (n + 1) : '');
    window.Plotly.downloadImage(picture, { format: asked.dataset.picture, filename, ...size });
  });
});
// Menus that hang over the page close when something else is pressed.
document.addEventListener('pointerdown', (event) => {
  document.querySelectorAll('details.menu[open],details.ways-out[open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute('open');
  });
});
