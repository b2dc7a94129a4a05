"""Plans as a page and the API show them: grounds kept between edits, costs as pairs, searches under way. No Dash."""
