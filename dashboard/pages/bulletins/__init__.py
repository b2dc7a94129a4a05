"""/bulletins: what was issued, a preview for a place and period, issuing one, and the list for a beat's meeting."""
