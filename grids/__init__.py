"""Whose is it, and did it stay there? Hierarchy, cases, containment, workload, plans. Pure: no I/O."""
