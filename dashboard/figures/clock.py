"""When it happens: incidents by hour of the day and day of the week, in local time."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.theme import QUANTITY, ramp, scale, template
from dashboard.language import Say

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def by_hour(clock: pd.DataFrame) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """clock[weekday 1..7, hour 0..23, incidents] as an array of shape (7, 24), Monday first."""
    grid = np.zeros((7, 24))
    np.add.at(grid, (clock["weekday"].astype(int) - 1, clock["hour"].astype(int)), clock["incidents"])
    return grid


def clock(frame: pd.DataFrame, say: Say, theme: str) -> go.Figure:
    """A heat map of 7 rows and 24 columns."""
    figure = go.Figure(
        go.Heatmap(
            z=by_hour(frame),
            x=list(range(24)),
            y=list(range(7)),
            customdata=[[say(day)] * 24 for day in WEEKDAYS],
            colorscale=scale(ramp(QUANTITY, theme)),
            zmin=0,
            xgap=2,
            ygap=2,
            showscale=False,
            hovertemplate=f"%{{customdata}} %{{x}}:00　%{{z:,.0f}} {say('起')}<extra></extra>",
        )
    )
    figure.update_layout(template=template(theme))
    figure.update_xaxes(tickvals=[0, 6, 12, 18, 23], ticktext=["0", "6", "12", "18", "23"], ticks="")
    names = [say(day) for day in WEEKDAYS]
    ticks = {"tickvals": list(range(7)), "ticktext": names, "tickfont": {"size": 11}}
    return figure.update_yaxes(autorange="reversed", showgrid=False, **ticks)
