// What only the browser knows: how large a panel is, and how much ground a pixel of a map covers just now.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.screen = {
  size: function (id) {
    return new Promise((told) => {
      const measure = () => {
        const box = document.getElementById(id)?.getBoundingClientRect();
        if (box && box.width > 50 && box.height > 50) told({ width: box.width, height: box.height });
        else setTimeout(measure, 50);
      };
      requestAnimationFrame(measure);
    });
  },

  // Holds a scale bar true to its map while people move it (the same sum as dashboard/components/mapframe.py), and says
  // whose base map it is.
  scale: function (figure, mapId, part, tries = 100) {
    const done = window.dash_clientside.no_update;
    const bar = document.getElementById(part);
    const map = document.querySelector('#' + mapId + ' .js-plotly-plot')?._fullLayout?.map?._subplot?.map;
    const again = () => window.dash_clientside.screen.scale(figure, mapId, part, tries - 1);
    if (!bar || !map) {
      if (tries) setTimeout(again, 300); // the panel that brings them is on its way
      return done;
    }
    const draw = () => {
      const pixel = (40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
      const enlarged = (bar.currentCSSZoom ?? 1) / (map.getContainer().currentCSSZoom ?? 1); // see large.css
      const widest = 7 * enlarged * parseFloat(getComputedStyle(document.documentElement).fontSize);
      const ten = 10 ** Math.floor(Math.log10(pixel * widest));
      const metres = [5, 2, 1].map((step) => step * ten).find((length) => length <= pixel * widest);
      const english = document.documentElement.lang === 'en';
      const unit = metres >= 1000 ? (english ? ' km' : ' 公里') : english ? ' m' : ' 米';
      bar.style.width = metres / pixel / enlarged + 'px';
      bar.firstElementChild.textContent = (metres >= 1000 ? metres / 1000 : metres) + unit;
      bar.hidden = false;
    };
    if (map.scaleBar !== bar) map.on('move', draw);
    map.scaleBar = bar;
    const wait = bar.parentElement.querySelector('.map-wait');
    const there = () => wait && (wait.hidden = true);
    map.loaded() ? there() : map.once('idle', there);
    draw();
    const told = () => {
      const far = matchMedia('(min-width:3000px)').matches && map.getLayer('beat-names');
      if (far) map.setLayoutProperty('beat-names', 'text-size', 19);
      const words = Object.values(map.getStyle()?.sources ?? {}).map((source) => source.attribution);
      const by = [...new Set(words.filter(Boolean))].join(' · ');
      if (by) bar.parentElement.querySelector('.attribution').textContent = by;
    };
    map.isStyleLoaded() ? told() : map.once('styledata', told);
    return done;
  },
};

// Where there is little room the less used filters show when they are asked for.
document.addEventListener('click', (event) => {
  const toggle = event.target.closest?.('.filters-toggle');
  if (!toggle) return;
  toggle.setAttribute('aria-expanded', String(toggle.closest('.desk').classList.toggle('all-filters')));
});
