"""The one HTML document around every Dash page: colours before the first paint, language and theme remembered."""

from dashboard.design.css import sheet

# Language and theme live in the address; a cookie brings them back on an address without them. The wall has its own.
PREFERENCES = """
(function () {
  var query = new URLSearchParams(location.search), missing = false;
  [['lang', 'zh'], ['theme', 'light']].forEach(function (part) {
    var name = part[0], kept = (document.cookie.match('beatgrid_' + name + '=(\\\\w+)') || [])[1];
    var year = ';path=/;max-age=31536000;SameSite=Lax';
    if (query.has(name)) document.cookie = 'beatgrid_' + name + '=' + query.get(name) + year;
    else if (kept && kept !== part[1]) { query.set(name, kept); missing = true; }
  });
  if (missing) history.replaceState(null, '', location.pathname + '?' + query);
  var wall = location.pathname === '/wall';
  document.documentElement.dataset.theme = wall ? 'wall' : query.get('theme') === 'dark' ? 'dark' : 'light';
  document.documentElement.dataset.page = wall ? 'wall' : 'desk';
  document.documentElement.lang = query.get('lang') === 'en' ? 'en' : 'zh-CN';
})();
"""


def index_string() -> str:
    """Dash's index template with our colours and the reader's preferences in its head."""
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    {{%metas%}}
    <title>{{%title%}}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
    <style>{sheet()}</style>
    <script>{PREFERENCES}</script>
    {{%css%}}
  </head>
  <body>
    {{%app_entry%}}
    <footer>{{%config%}}{{%scripts%}}{{%renderer%}}</footer>
  </body>
</html>"""
