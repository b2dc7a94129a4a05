"""What every route may answer beside its own result: the problems, each with its status, for the OpenAPI document."""

from typing import Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict

from geo.errors import InputError


class Problem(BaseModel):
    """Why a request was not done: `error` is a word for programmes, `message` a sentence that says what to do,
    `message_zh` the same in Chinese where it has been translated."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"error": "input", "message": "lat 'north' is not a number."}]}
    )

    error: str
    message: str
    message_zh: str | None = None


MEANINGS = {
    400: "The body is no JSON.",
    401: "Nobody is signed in, or the token is not valid.",
    403: "Whoever asks has no right to it, or not there.",
    404: "There is nothing of that name, or it is not the asker's to see.",
    409: "A rule forbids it, or somebody else was faster.",
    413: "More than fits into one request.",
    415: "The body is of another kind than JSON.",
    422: "A value cannot be used as it is.",
    503: "The database does not answer: ask again later.",
}
ALWAYS = (401, 403, 404, 422, 503)
WRITING = (*ALWAYS, 400, 409, 413)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: what each status means, all in one form."""
    return {status: {"model": Problem, "description": MEANINGS[status]} for status in sorted(set(statuses))}


def told_as(kind: str, schema: dict[str, Any] | None = None) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route whose result is of another media type than JSON's own, by default an object."""
    return {200: {"description": "The result.", "content": {kind: {"schema": schema or {"type": "object"}}}}}


def plain_address(request: Request) -> None:
    """Refuse an address with a NUL in its path or query, which the database cannot take."""
    if "\x00" in request.url.path or any(
        "\x00" in part for pair in request.query_params.multi_items() for part in pair
    ):
        raise InputError("The address holds a NUL character: remove it.")
