"""From HTML to an A4 PDF. The libraries that set type are Debian packages; without them everything else still works."""

import logging
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import Unavailable

NEEDED = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


def write_pdf(html: str, out: Path) -> int:
    """Write a page as PDF and return how many pages it has. Unavailable says what to install."""
    try:
        setter = _setter()
    except OSError as error:
        raise Unavailable(f"A PDF needs Pango, which is missing: type `{NEEDED}`, or ask for html and xlsx.") from error
    if not has_chinese():
        raise Unavailable(f"A PDF needs a Chinese font, and there is none: type `{NEEDED}`, or ask for html and xlsx.")
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    document = setter(html).render()
    document.write_pdf(out)
    return len(document.pages)


def _setter() -> Any:
    """WeasyPrint, imported only when a PDF is asked for: importing it loads Pango. It may fetch nothing."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    return lambda html: HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=()))


@cache
def has_chinese() -> bool:
    """Whether fontconfig knows a font with Chinese; where it cannot be asked, it is taken to."""
    lists = shutil.which("fc-list")
    if lists is None:
        return True
    found = subprocess.run([lists, ":lang=zh", "family"], capture_output=True, text=True, check=False, timeout=60)
    return found.returncode != 0 or bool(found.stdout.strip())
