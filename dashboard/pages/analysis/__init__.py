"""The analyst's pages: each a list of panels under one set of filters, written down in the address."""
