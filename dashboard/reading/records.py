"""From frames and dataclasses to plain JSON values: NaN becomes null, instants ISO texts in UTC."""

import dataclasses
import math
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd


def rows(frame: pd.DataFrame) -> list[Any]:
    """One named tuple a row; its fields are data, so they are not typed."""
    return list(frame.itertuples())


def plain(value: Any) -> Any:
    """`value` as JSON knows it; frames become lists of records."""
    if isinstance(value, pd.DataFrame):
        columns = [str(name) for name in value.columns]
        found = value.itertuples(index=False, name=None)
        return [dict(zip(columns, map(plain, row), strict=True)) for row in found]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return value.isoformat() if isinstance(value, date | datetime) else value
