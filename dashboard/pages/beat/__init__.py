"""The officer's phone page: plain HTML and one inline SVG map."""
