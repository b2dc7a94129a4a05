"""Files to take away: a beat's map as one self-contained page."""
