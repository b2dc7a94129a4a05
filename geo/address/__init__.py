"""Chinese addresses: one way of writing them, and their parts."""

from geo.address.normal import normalise
from geo.address.parse import Address, parse
from geo.address.sounds import sound

__all__ = ["Address", "normalise", "parse", "sound"]
