"""Unpacks the one table or layer that a zip holds."""

import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from geo.errors import InputError
from loaders.readers.formats import BY_SUFFIX, GZIP, OLE, ZIP

LOADABLE = {suffix for suffix, name in BY_SUFFIX.items() if name not in {ZIP, GZIP, OLE}} | {".xls"}
SKIPPED_TEXT = {".txt", ".json"}  # readme.txt and metadata.json come along with many downloads


@dataclass(frozen=True)
class Unpacked:
    """The loadable file, the folder to clean up when done, and whether the user had named that file."""

    file: Path
    folder: TemporaryDirectory[str]
    named: bool


def unpack(path: Path, member: str | None) -> Unpacked:
    """The one table or layer in a zip, unpacked with the files that belong to it into a new folder.

    Raises InputError when the zip is cut off, has a password, holds nothing loadable, or holds several and
    `member` names none of them.
    """
    folder = TemporaryDirectory(prefix="beatgrid-")
    try:
        with _opened(path) as archive:
            chosen, named = _choose(path, [entry for entry in archive.infolist() if not _hidden(entry)], member)
            _extract(archive, chosen, Path(folder.name))
            return Unpacked(Path(folder.name) / PurePosixPath(chosen.filename).name, folder, named)
    except InputError:
        folder.cleanup()
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeDecodeError):
        folder.cleanup()
        raise InputError(f"{path.name} is not a complete zip archive (cut off or damaged): copy it again.") from None


def _opened(path: Path) -> zipfile.ZipFile:
    """Names without the UTF-8 flag are GB18030 in archives made by Chinese Windows."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _hidden(entry: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(entry.filename)
    return entry.is_dir() or name.parts[:1] == ("__MACOSX",) or name.name.startswith(".")


def _choose(path: Path, entries: list[zipfile.ZipInfo], member: str | None) -> tuple[zipfile.ZipInfo, bool]:
    loadable = [entry for entry in entries if _suffix(entry) in LOADABLE]
    wanted = [entry for entry in loadable if member and member in _names(entry)]
    if len(wanted) == 1:
        return wanted[0], True
    likely = [entry for entry in loadable if _suffix(entry) not in SKIPPED_TEXT] or loadable
    if len(likely) == 1:
        return likely[0], False
    if not likely:
        inside = ", ".join(entry.filename for entry in entries[:10]) or "nothing"
        raise InputError(f"{path.name} holds no table or layer, only {inside}: unpack it and look.")
    inside = ", ".join(entry.filename for entry in likely[:20])
    raise InputError(f"{path.name} holds {len(likely)} files ({inside}): choose one with --layer NAME.")


def _suffix(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).suffix.lower()


def _names(entry: zipfile.ZipInfo) -> set[str]:
    name = PurePosixPath(entry.filename)
    return {entry.filename, name.name, name.stem}


def _extract(archive: zipfile.ZipFile, chosen: zipfile.ZipInfo, folder: Path) -> None:
    """Writes the chosen file and its siblings of the same stem (a shapefile's parts), folders flattened
    away.
    """
    stem = PurePosixPath(chosen.filename).with_suffix("")
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename)
        if _hidden(entry) or name.with_suffix("") != stem:
            continue
        if entry.flag_bits & 1:
            raise InputError(f"{entry.filename} in the archive has a password: unpack it first and load the file.")
        with archive.open(entry) as packed, (folder / name.name).open("wb") as out:
            shutil.copyfileobj(packed, out)
