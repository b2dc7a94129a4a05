"""Leaflet as the installed package ships it, made fit to stand inside one HTML file that fetches nothing."""

from functools import cache
from importlib import metadata, resources

from geo.errors import Unavailable

PACKAGE, MODULE, FOLDER = "django-js-lib-leaflet", "js_lib_leaflet", "static/js_lib_leaflet"
SOURCE_MAP = "//# sourceMappingURL=leaflet.js.map"
PICTURE = "url(images/"


@cache
def tags() -> str:
    """Licence, style and script as HTML; without the pictures, which no exported map uses.

    Unavailable when the package is not installed.
    """
    script = _file("leaflet.js").replace(SOURCE_MAP, "")
    style = _file("leaflet.css").replace(PICTURE, "none; --unused: (")
    return f"<!--\nLeaflet {_licence()}\n--><style>{style}</style><script>{script}</script>"


def _file(name: str) -> str:
    try:
        return resources.files(MODULE).joinpath(FOLDER, name).read_text("utf-8")
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise Unavailable(f"The package {PACKAGE} is missing: run `make setup` again.") from error


def _licence() -> str:
    shipped = [file for file in metadata.files(PACKAGE) or [] if file.name == "LICENSE"]
    return "\n".join(file.read_text("utf-8").strip() for file in shipped)
