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

  // The same sum as dashboard/components/mapframe.py, for a map that people move.
  scale: function (figure, moved) {
    const start = figure?.layout?.map || {};
    const zoom = moved?.['map.zoom'] ?? start.zoom;
    const latitude = moved?.['map.center']?.lat ?? start.center?.lat;
    if (zoom === undefined || latitude === undefined) return [{}, true, ''];
    const widest = 7 * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const pixel = (40075016.686 * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** zoom);
    const ten = 10 ** Math.floor(Math.log10(pixel * widest));
    const metres = [5, 2, 1].map((step) => step * ten).find((length) => length <= pixel * widest);
    const english = document.documentElement.lang === 'en';
    const unit = metres >= 1000 ? (english ? ' km' : ' 公里') : english ? ' m' : ' 米';
    return [{ width: metres / pixel + 'px' }, false, (metres >= 1000 ? metres / 1000 : metres) + unit];
  },
};
