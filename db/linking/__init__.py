"""Same-matter links in the record: found as reports arrive, explained, and corrected by people."""
