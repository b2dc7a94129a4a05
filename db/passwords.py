"""Passwords: what makes one good enough, and Argon2id hashes of them."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import InputError

SHORTEST, LONGEST = 10, 200
HASHER = PasswordHasher()  # Argon2id, RFC 9106's low-memory choice: 64 MiB, three passes
_AT_ONCE = threading.BoundedSemaphore(2)  # 64 MiB each: a flood of guesses waits instead of filling the memory


def check_password(password: str, name: str) -> None:
    """Raise InputError, saying what to change, unless a password may be used by the account `name`."""
    if len(password) < SHORTEST:
        raise InputError(f"Give a password of at least {SHORTEST} characters (口令至少{SHORTEST}个字符).")
    if len(password) > LONGEST:
        raise InputError(f"Give a password of at most {LONGEST} characters.")
    if name.casefold() in password.casefold() or len(set(password)) < 4:
        raise InputError("Give a password without the account's name and of more than three different characters.")


def hashed(password: str) -> str:
    """Argon2id hash of a password, with its own salt and costs in it."""
    with _AT_ONCE:
        return HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed; without a hash the same work is done for the answer no."""
    with _AT_ONCE:
        try:
            return HASHER.verify(stored or _decoy(), password[:LONGEST]) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _decoy() -> str:
    return HASHER.hash("nobody's password")
