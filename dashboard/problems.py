"""The one table from an error to what the web answers: its HTTP status comes with the error itself."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from dashboard.refusals import chinese
from geo.errors import BeatgridError

KINDS = {
    400: "malformed", 401: "signed_out", 403: "denied", 404: "not_found", 405: "method", 409: "refused",
    413: "too_large", 415: "malformed", 422: "input", 503: "unavailable",
}  # fmt: skip


def status(error: BaseException) -> int:
    """HTTP status of an error: its own when it is one of ours, else 500."""
    return error.http_status if isinstance(error, BeatgridError) else 500


def body(error: BaseException) -> dict[str, str]:
    """What the API says of an error: ours in its own sentence, any other without its details."""
    if isinstance(error, BeatgridError):
        return said(KINDS.get(error.http_status, "error"), str(error))
    return said("internal", "Something failed inside beatgrid; its log says what.")


def said(kind: str, sentence: str) -> dict[str, str]:
    """A refusal as JSON: a word for programmes, the sentence, and where it has been translated the Chinese one."""
    translated = chinese(sentence)
    return {"error": kind, "message": sentence} | ({"message_zh": translated} if translated else {})


def install(server: FastAPI) -> None:
    """Answer every BeatgridError, and every badly typed parameter, in the same JSON form."""

    @server.exception_handler(BeatgridError)
    def ours(_request: Request, error: BeatgridError) -> JSONResponse:
        return JSONResponse(body(error), status(error))

    @server.exception_handler(RequestValidationError)
    def typed(_request: Request, error: RequestValidationError) -> JSONResponse:
        told = "; ".join(f"{found['loc'][-1]}: {found['msg']}" for found in error.errors())
        return JSONResponse(said("input", told), 422)

    @server.exception_handler(HTTPException)
    def theirs(_request: Request, error: HTTPException) -> JSONResponse:
        answer = said(KINDS.get(error.status_code, "error"), f"{error.detail}.")
        return JSONResponse(answer, error.status_code, error.headers)
