"""The week's clock: reports an hour by weekday and hour, each square leading to its rows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.clock import WEEKDAYS
from dashboard.figures.theme import QUANTITY, ramp, scale, template
from dashboard.language import Say


def week_clock(frame: pd.DataFrame, hrefs: Sequence[str | None], say: Say, theme: str) -> go.Figure:
    """frame[reports, hours, rate] of 168 rows, Monday's first hour first; colour by the rate."""
    rate = frame["rate"].astype("float64").to_numpy().reshape(7, 24)
    told = np.empty((168, 4), dtype=object)
    told[:, 0] = np.repeat([say(day) for day in WEEKDAYS], 24)
    told[:, 1], told[:, 2], told[:, 3] = frame["reports"], frame["hours"], list(hrefs)
    figure = go.Figure(
        go.Heatmap(
            z=rate, x=list(range(24)), y=list(range(7)), customdata=told.reshape(7, 24, 4),
            colorscale=scale(ramp(QUANTITY, theme)), zmin=0, xgap=2, ygap=2,
            colorbar={
                "orientation": "h", "thickness": 8, "len": 190, "lenmode": "pixels", "x": 1, "xanchor": "right",
                "y": -0.09, "yanchor": "top", "nticks": 4, "outlinewidth": 0, "ypad": 4,
                "title": {"text": say("起/小时"), "side": "top"},
            },
            hovertemplate=f"%{{customdata[0]}} %{{x}}:00<br>{say('警情')} %{{customdata[1]:,.0f}} · "
            f"%{{z:.2f}} {say('起/小时')}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(template=template(theme), margin={"l": 44, "r": 8, "t": 6, "b": 78})
    figure.update_xaxes(tickvals=[0, 3, 6, 9, 12, 15, 18, 21, 23], showgrid=False)
    ticks = {"tickvals": list(range(7)), "ticktext": [say(day) for day in WEEKDAYS]}
    return figure.update_yaxes(autorange="reversed", showgrid=False, **ticks)
