"""A random city with its read model: measures are asked of `view`, and of the raw rows by the oracle."""

import pytest

from db import readmodel
from db.readmodel import reach_of, scoped
from tests.db import figures


@pytest.fixture
def view(city, tmp_path):
    """A view of everything in the random city of `city`."""
    return scoped(readmodel.build(city, tmp_path / "readmodel"), reach_of(city))


@pytest.fixture
def rows(city):
    """Its raw rows, for the oracle."""
    return figures.City.read(city)
