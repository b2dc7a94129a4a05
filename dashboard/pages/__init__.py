"""One folder a page: layout, ids, callbacks."""
