"""Measures as tables for people and scripts."""
