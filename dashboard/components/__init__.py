"""From figures to parts of a page: functions that return Dash components."""
