"""Verdicts by rules that are data: panels of changes, scorecards of cells and beats, the monthly star."""
