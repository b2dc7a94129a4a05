"""Reading a posted form, and addresses that lead back into this site only."""

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from geo.errors import InputError

LARGEST = 16_000


async def fields(request: Request) -> dict[str, str]:
    """The last value of each field of a posted form. Raises InputError for one that is too large or no form."""
    told = b""
    async for part in request.stream():
        told += part
        if len(told) > LARGEST:
            raise InputError("This form is too large.")
    try:
        return {name: texts[-1] for name, texts in parse_qs(told.decode(), keep_blank_values=True).items()}
    except (UnicodeDecodeError, ValueError):
        raise InputError("This is not a form.") from None


def local_path(address: str | None) -> str | None:
    """`address` when it is a path of this site, else None."""
    if not address or not address.startswith("/") or address.startswith("//") or len(address) > 2_000:
        return None
    if any(ord(character) < 33 or character == "\\" for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
