"""The store of files: bytes named by their SHA-256, pool by pool, in `<data>/files/<pool>/<aa>/<sha256>`.

The same bytes are kept once a pool. They are written whole or not at all, and their digest is checked each time they are read.
Backups carry the folder, after the database: a file that a row names is there.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

LARGEST = 20_000_000  # bytes
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIGNATURES = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
TYPES = {  # what is kept, and the endings of its names
    "application/pdf": ("pdf",), "image/png": ("png",), "image/jpeg": ("jpg", "jpeg"),
    f"{_OOXML}wordprocessingml.document": ("docx",), f"{_OOXML}spreadsheetml.sheet": ("xlsx",),
    f"{_OPEN_DOCUMENT}text": ("odt",), f"{_OPEN_DOCUMENT}spreadsheet": ("ods",), "text/plain": ("txt", "csv"),
}  # fmt: skip
_PARTS = {"word/document.xml": f"{_OOXML}wordprocessingml.document", "xl/workbook.xml": f"{_OOXML}spreadsheetml.sheet"}
_MACROS = ("word/vbaProject.bin", "xl/vbaProject.bin")


class Damaged(Exception):
    """The bytes of a file are gone, or are not those that were kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes in the store."""

    digest: str
    size: int


def path_of(pool: int, digest: str) -> Path:
    """Return where bytes are kept."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"not a SHA-256: {digest!r}")
    return Path(settings.COMMUNIS_FILES) / str(int(pool)) / digest[:2] / digest


def keep(pool: int, data: bytes) -> Kept:
    """Keep bytes; those already there are not written again, unless they were damaged."""
    kept = Kept(hashlib.sha256(data).hexdigest(), len(data))
    path = path_of(pool, kept.digest)
    if not (path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == kept.digest):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, data)
    return kept


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside, then rename: a reader sees the whole file or none, also after a loss of power."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(pool: int, digest: str) -> bytes:
    """Return the bytes that a digest names; raise Damaged when they are gone, or are others."""
    try:
        data = path_of(pool, digest).read_bytes()
    except FileNotFoundError:
        raise Damaged("gone") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged("changed")
    return data


def media_of(data: bytes) -> str:
    """Return what bytes are, by what they hold and not by their name; "" for what is not kept."""
    for start, media in _SIGNATURES:
        if data.startswith(start):
            return media
    if data.startswith(b"PK\x03\x04"):
        return _media_of_archive(data)
    return "text/plain" if data and _is_text(data) else ""


def _media_of_archive(data: bytes) -> str:
    """Return the type of an archive; nothing for one that does not open, is locked or packed otherwise: it is then refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if names & set(_MACROS):
                return ""
            told = ""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                told = archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return ""
    if told in TYPES:
        return told
    return next((media for part, media in _PARTS.items() if part in names), "")


def _is_text(data: bytes) -> bool:
    if b"\x00" in data or data.lstrip()[:1] == b"<":  # a page of the web is no text to keep
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
