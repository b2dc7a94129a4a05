"""Pictures of every page at every size and state, for people to look at: `python -m tests.screens`."""
