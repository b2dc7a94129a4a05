"""The one hierarchy of errors that users see, each with its exit code and HTTP status."""

from typing import ClassVar


class BeatgridError(Exception):
    """Something the user can act on: its text is one sentence that says what to do."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class InputError(BeatgridError):
    """A file, value or argument cannot be used as it is."""

    exit_code = 2
    http_status = 422


class NotFound(BeatgridError):
    """What was asked for by name does not exist."""

    exit_code = 3
    http_status = 404


class Refused(BeatgridError):
    """A rule forbids it: the sentence names the rule."""

    exit_code = 4
    http_status = 409


class Unavailable(BeatgridError):
    """Something beatgrid stands on (database, package, port) is missing or down."""

    exit_code = 5
    http_status = 503


class Denied(BeatgridError):
    """The person who asks has no right to it."""

    exit_code = 6
    http_status = 403
