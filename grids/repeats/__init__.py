"""Which reports are about the same thing: duplicates and repeats linked into matters, in any order of arrival.

**Two reports are linked** when both are of one category group, at most 30 × 24 hours lie between the two reports
themselves (exactly 30 days still link), and one of these rules holds (`Rules` has the figures):

- *reporter*: the same keyed phone hash, and their points lie at most 100 m apart. Reports without phone or point, and
  phones that are shared (`grids.repeats.shared`), link nothing.
- *room*: the same address down to unit or room (`grids.repeats.rooms`), in districts and at points that do not
  contradict each other.
- *join*: a person said so. The days do not matter.

**A matter** is a connected component of these links, named by its first report (by instant, then key). The 30 days
count from report to report along the chain, never from the first one: reports on days 0, 25 and 50 are one matter.

**A person's word wins.** A join links whatever the rules say. A split keeps two reports in different matters: in a
component with splits the links are taken strongest first (joins, rooms, reporters; in each the fewer days first, then
the earlier reports) and one that would bring two split reports together is left out. A join left out so is listed as
a conflict. All of this is a function of the set of reports and decisions, so the order in which they came is nothing.

The first report of a matter opens it. Later ones are *duplicates* until the first handling of the matter ends (the
earliest end of any of its reports), from that instant on *repeats*. The same building alone only *suggests*.
"""

from grids.repeats.matters import Linked, link
from grids.repeats.rooms import Rooms, rooms_of
from grids.repeats.rules import RULES, Rules

__all__ = ["RULES", "Linked", "Rooms", "Rules", "link", "rooms_of"]
