"""How does it go out? Pages, live push, API, exported maps and reports."""
