// The places of a filter bar are asked for once, when its list is first opened.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.places = {
  ask: function (pressed, tree) {
    return pressed && !tree?.length ? pressed : window.dash_clientside.no_update;
  },
};
