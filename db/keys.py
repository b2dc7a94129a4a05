"""Keys of personal data, kept outside the database, and what is done with them."""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from geo.errors import Unavailable


class Keys:
    """Encrypts and decrypts personal fields (Fernet, newest key first) and hashes phones (HMAC-SHA256)."""

    def __init__(self, fernet_keys: list[str], hash_key: bytes) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in fernet_keys])
        self._hash_key = hash_key

    @property
    def fingerprint(self) -> str:
        """Names the hash key without telling it, so that a database can say which keys it was written with."""
        return self.digest("fingerprint").hex()[:16]

    def seal(self, values: Mapping[str, object]) -> bytes:
        """One token of a small mapping."""
        return self._fernet.encrypt(json.dumps(values, ensure_ascii=False, default=str).encode())

    def open(self, token: bytes) -> dict[str, str | None]:
        """The mapping in a token. Raises Unavailable when it was sealed with other keys."""
        try:
            opened: dict[str, str | None] = json.loads(self._fernet.decrypt(bytes(token)))
        except InvalidToken:
            raise Unavailable("This was encrypted with other keys: put the right file at BEATGRID_KEYS.") from None
        return opened

    def digest(self, text: str) -> bytes:
        """Keyed 32-byte hash of a text: comparable, not reversible without the key."""
        return hmac.new(self._hash_key, text.encode(), hashlib.sha256).digest()

    def phone_hash(self, phone: str | None) -> bytes | None:
        """Keyed hash of a phone number's digits without country code 86 and trunk 0; None for no digits."""
        plain = unicodedata.normalize("NFKC", phone or "")
        digits = "".join(c for c in plain if c.isdigit())
        if "+86" in plain or digits.startswith("0086"):
            digits = digits.removeprefix("00")[2:]
        elif len(digits) == 13:
            digits = digits.removeprefix("86")
        digits = digits.lstrip("0")
        return self.digest(f"phone:{digits}") if digits else None


def load_keys(path: Path) -> Keys:
    """Read the keys, making them on first use (mode 0600)."""
    if not path.exists():
        _write_new(path)
    try:
        lines = [line.split("=", 1) for line in path.read_text().splitlines() if "=" in line]
        fernet_keys = [value for name, value in lines if name == "fernet"]
        hash_keys = [value for name, value in lines if name == "hash"]
        return Keys(fernet_keys, bytes.fromhex(hash_keys[0]))
    except (IndexError, ValueError):
        raise Unavailable(f"{path} is not a key file: restore it from your backup.") from None


def _write_new(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # its own name for each thread; mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(f"fernet={Fernet.generate_key().decode()}\nhash={secrets.token_hex(32)}\n")
    try:
        os.link(draft, path)  # atomic, and the first of several wins
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
