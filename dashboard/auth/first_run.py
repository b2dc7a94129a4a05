"""The one-time code of the first administrator: told on the host's screen only, and void after ten wrong tries."""

import hmac
import secrets
import threading

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look alike
TRIES = 10


class FirstRun:
    """Holds the code of this start of the server; `code` is None when there is nothing to begin."""

    def __init__(self, code: str | None = None) -> None:
        self.code = code
        self._left = TRIES
        self._lock = threading.Lock()

    @classmethod
    def made(cls) -> "FirstRun":
        """With a fresh code: three groups of four letters and digits."""
        return cls("-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)))

    def opens(self, given: str) -> bool:
        """Whether this is the code; every wrong one counts."""
        with self._lock:
            if self.code is None or self._left <= 0:
                return False
            right = hmac.compare_digest(_plain(given).encode(), _plain(self.code).encode())
            self._left -= not right
            return right

    def done(self) -> None:
        """The administrator is there: the code opens nothing any more."""
        self.code = None


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())
