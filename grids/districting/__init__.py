"""Redistricting: cells regrouped into beats, from the plan in force. Pure: numbers and graphs in, assignments out."""

from grids.districting.bounds import cv_bound, peak_bound
from grids.districting.exact import Proof, solve
from grids.districting.first import first_plan
from grids.districting.front import Front, Point, Progress, front
from grids.districting.graph import Graph, make_graph
from grids.districting.objective import Measures, Weights, measure
from grids.districting.problem import Problem, make_problem
from grids.districting.proving import Prover, proven
from grids.districting.rules import Rules, broken
from grids.districting.staffing import beats_curve, relief_by_lead

__all__ = [
    "Front",
    "Graph",
    "Measures",
    "Point",
    "Problem",
    "Progress",
    "Proof",
    "Prover",
    "Rules",
    "Weights",
    "beats_curve",
    "broken",
    "cv_bound",
    "first_plan",
    "front",
    "make_graph",
    "make_problem",
    "measure",
    "peak_bound",
    "proven",
    "relief_by_lead",
    "solve",
]
