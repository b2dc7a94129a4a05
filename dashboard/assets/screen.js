// What only the browser knows: how large a panel is. Measured once the panel stands, and again after a resize.
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
};
