"""`python -m tests.bench [SECTION …]` runs the named sections, or all."""

import sys

from tests.bench import addresses, locate

SECTIONS = {"locate": locate.main, "addresses": addresses.main}

if __name__ == "__main__":
    for name in sys.argv[1:] or SECTIONS:
        SECTIONS[name]()
