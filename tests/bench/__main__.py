"""`python -m tests.bench [SECTION …]` runs the named sections, or all."""

import sys

from tests.bench import addresses, districting, locate, measures, planning, readmodel, repeats

SECTIONS = {
    "locate": locate.main,
    "addresses": addresses.main,
    "repeats": repeats.main,
    "readmodel": readmodel.main,
    "measures": measures.main,
    "planning": planning.main,
    "districting": districting.main,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or SECTIONS:
        SECTIONS[name]()
