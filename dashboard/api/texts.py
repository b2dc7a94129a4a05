"""Types of values in request bodies: texts that can be stored, instants that the record can hold, plain numbers."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
STORABLE = r"^[^\x00]*$"


def _within(at: datetime) -> datetime:
    if not EARLIEST <= at <= LATEST:
        raise ValueError("the time lies before 1990 or after 2199")
    return at


Code = Annotated[str, Field(min_length=1, max_length=200, pattern=STORABLE)]
Line = Annotated[str, Field(max_length=4_000, pattern=STORABLE)]
Instant = Annotated[AwareDatetime, AfterValidator(_within)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Grade = Annotated[int, Field(ge=1, le=3)]
# What a client makes up to mark one thing that it sends, such as a UUID.
Key = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
