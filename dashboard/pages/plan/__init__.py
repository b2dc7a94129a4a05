"""The planner: plans listed, one worked on over its map, printed for the station chief, handed over."""
