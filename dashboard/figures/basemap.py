"""The base map of somebody else's tiles, when settings name one: where each tile lies. None by default."""

import re
from dataclasses import dataclass

from geo.errors import InputError

MOST_ZOOM = 22
NEEDED = ("{z}", "{x}", "{y}")
CHOICE = re.compile(r"\{([0-9a-z])-([0-9a-z])\}")  # {0-7} or {a-c}: one of several equal servers


@dataclass(frozen=True)
class BaseMap:
    """Layers from the lowest up, each the address of a tile with {z}, {x}, {y} (Web Mercator), and whose map it is."""

    layers: tuple[str, ...] = ()
    by: str = ""

    @classmethod
    def told(cls, addresses: str | None, by: str | None) -> "BaseMap":
        """The base map of settings: addresses with blanks between them.

        Raises InputError for an address that is no http(s) address of tiles.
        """
        layers = tuple((addresses or "").split())
        for layer in layers:
            if not layer.startswith(("http://", "https://")) or any(part not in layer for part in NEEDED):
                example = "https://tiles.example/{z}/{x}/{y}.png"
                raise InputError(f"BEATGRID_BASE_MAP must be addresses such as {example}, not {layer!r}.")
        return cls(layers, by or "")

    def tile(self, layer: int, z: int, x: int, y: int) -> str | None:
        """Where a tile lies; None for a layer that is not named or a place that is not on the map."""
        if not 0 <= layer < len(self.layers) or not 0 <= z <= MOST_ZOOM or not (0 <= x < 2**z and 0 <= y < 2**z):
            return None
        address = CHOICE.sub(lambda found: _one_of(found, x + y), self.layers[layer])
        return address.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))


def _one_of(found: re.Match[str], turn: int) -> str:
    first, last = ord(found[1]), ord(found[2])
    return chr(first + turn % max(1, last - first + 1))
