"""A plan 调整方案 from the first move to the day it takes effect: its edits, rules, cost, life and handover. Pure."""
