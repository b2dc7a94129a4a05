"""Plans in the record: drafted edit by edit, checked, approved by somebody else, published on a date, handed over."""
