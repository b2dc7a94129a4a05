"""Measures against their oracles."""
