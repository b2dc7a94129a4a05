"""A made-up coastal district, written as files of the kinds that the loaders take: nothing in it is real."""
