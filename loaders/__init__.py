"""How does it come in? Files of any common kind, checked, placed and recorded."""
