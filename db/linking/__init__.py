"""Same-matter linking in the record (grids.repeats): what is new or corrected is linked where linking all would."""

from db.linking.deciding import join, source_says, split, undecide
from db.linking.linking import link_reports
from db.linking.moving import Moves

__all__ = ["Moves", "join", "link_reports", "source_says", "split", "undecide"]
