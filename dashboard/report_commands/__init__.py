"""`manage.py report NAME`: one command a measure. A module named here registers its commands on `report_app`."""

from dashboard.report_commands import bulletin, containment, outcomes, outcomes_change, places, work, workload
from dashboard.report_commands.root import report_app

__all__ = ["bulletin", "containment", "outcomes", "outcomes_change", "places", "report_app", "work", "workload"]
