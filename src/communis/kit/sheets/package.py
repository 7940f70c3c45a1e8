"""The ZIP package of a workbook, opened without trust: bombs, overlaps, entities and oversized sheets are refused before a reader
sees them. What is left is packed anew, so that no other reading of the same bytes is possible."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from itertools import pairwise

from communis.kit.sheets.book import MEGABYTE, Limits, Unreadable, column_rank

_END = b"PK\x05\x06"
_DIRECTORY_ENTRY = 512  # bytes of an entry of the directory, at the most that is met
_CHUNK = 1024 * 1024
_OVERLAP = 128  # a reference cut by the end of a piece is found whole in the next
_ENCRYPTED = 0x1

_COLUMNS = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]+)")
_LINES = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]*([0-9]+)")
_WRITTEN_OTHERWISE = re.compile(rb"\sr\s*=\s*[\"'][^\"']{0,64}&")  # a reference hidden in a character entity
_LONG_COUNT = re.compile(rb"[cC]ount\s*=\s*(?:\"[^\"]{8}|'[^']{8})")  # a reader reserves memory for as many as a count says
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_LINE = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ERROR = re.compile(rb"(<(?:\w+:)?c\s[^>]*?\bt\s*=\s*[\"'])e(?=[\"'])")
_WITHOUT_VALUE = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]+[0-9]+)[\"'][^>]*>\s*"
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>"
)

DAMAGED = (
    "Ce classeur est abîmé : il ne s’ouvre pas. Ouvrez-le dans un tableur, enregistrez-le à nouveau au format XLSX, renvoyez-le."
)
_TOO_LARGE = "Ce classeur est refusé : décompressé, il dépasse {} Mo. Ne gardez que la feuille à importer."
_ENTITIES = "Ce classeur est refusé : il déclare des entités XML, ce qu’aucun tableur n’écrit."
_TOO_WIDE = (
    "La feuille est trop grande : {} lignes et {} colonnes, au plus {} lignes et {} colonnes. "
    "Une cellule égarée loin du tableau suffit : supprimez les lignes et les colonnes vides, puis renvoyez le fichier."
)
_NO_VALUE = (
    "La cellule {} a une formule dont le résultat n’est pas dans le fichier. "
    "Ouvrez-le dans un tableur, enregistrez-le, puis renvoyez-le."
)


def repacked(content: bytes, limits: Limits) -> bytes:
    """Return the XML parts of a workbook in a new package, stored without compression; refuse what is dangerous."""
    check_directory(content, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            check_entries(entries, len(content), limits)
            parts = unpacked(package, entries, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(DAMAGED) from None
    check_kind({name.casefold() for name in parts})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), checked(part, limits))
    return made.getvalue()


def check_directory(content: bytes, limits: Limits) -> None:
    """Refuse a directory too long before it is read: its length and its count stand at the end of the file."""
    at = content.rfind(_END, -65_557)
    if at < 0 or len(content) - at < 22:
        raise Unreadable(DAMAGED)
    count, size = struct.unpack("<HI", content[at + 10 : at + 16])
    if count > limits.entries or size > limits.entries * _DIRECTORY_ENTRY:
        raise Unreadable(f"Ce classeur est refusé : il contient plus de {limits.entries} pièces.")


def check_entries(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Refuse what the directory itself says: too many parts, too large, one within another, twice the same, or locked."""
    told = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries:
        raise Unreadable(f"Ce classeur est refusé : il contient plus de {limits.entries} pièces.")
    if told > limits.unpacked:
        raise Unreadable(_TOO_LARGE.format(limits.unpacked // MEGABYTE))
    if told > max(size * limits.ratio, MEGABYTE):
        raise Unreadable("Ce classeur est refusé : il est comprimé bien plus qu’un tableur ne le fait.")
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    overlap = any(a.header_offset + 30 + a.compress_size > b.header_offset for a, b in pairwise(ordered))
    if overlap or len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise Unreadable(DAMAGED)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Unreadable("Ce classeur est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis renvoyez-le.")


def unpacked(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> dict[str, bytes]:
    """Return the XML parts, counted while they unpack: what the directory says of their size may be a lie."""
    parts, total = {}, 0
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(DAMAGED)
        if not entry.filename.casefold().endswith((".xml", ".rels")):
            continue
        pieces = []
        with package.open(entry) as part:
            while piece := part.read(_CHUNK):
                total += len(piece)
                if total > limits.unpacked:
                    raise Unreadable(_TOO_LARGE.format(limits.unpacked // MEGABYTE))
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def check_kind(names: set[str]) -> None:
    """Refuse a package that is something else: another format of spreadsheet, a text, a plain archive."""
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names:
        raise Unreadable("Ce fichier est un classeur ODS. Enregistrez-le au format XLSX ou CSV, puis envoyez-le à nouveau.")
    if "xl/_rels/workbook.bin.rels" in names:
        raise Unreadable("Ce fichier est un classeur XLSB. Enregistrez-le au format XLSX ou CSV, puis envoyez-le à nouveau.")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Unreadable(
            "Ce fichier n’est pas un classeur. Copiez son tableau dans un tableur, enregistrez-le en XLSX ou en CSV."
        )
    raise Unreadable("Ce fichier est une archive, pas un classeur. Sortez-en le tableau, puis envoyez-le à nouveau.")


def checked(part: bytes, limits: Limits) -> bytes:
    """Return a part as a reader may have it: no entity, one encoding, a sheet of measured size whose errors are words."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Unreadable(_ENTITIES)
    if b"\0" in part or part.startswith((b"\xff\xfe", b"\xfe\xff")) or _LONG_COUNT.search(part):
        raise Unreadable(DAMAGED)
    if b"sheetData" not in part:
        return part
    check_extent(part, limits)
    if missing := _WITHOUT_VALUE.search(part):
        raise Unreadable(_NO_VALUE.format(missing[1].decode()))
    return _ERROR.sub(rb"\1str", part)  # or a cell in error would be read as an empty one


def check_extent(part: bytes, limits: Limits) -> None:
    """Refuse a sheet whose cells are far apart: readers reserve the whole rectangle between them."""
    columns: set[bytes] = set()
    last, cells, lines = 0, 0, 0
    for start in range(0, len(part), _CHUNK):
        piece = part[max(0, start - _OVERLAP) : start + _CHUNK]
        if _WRITTEN_OTHERWISE.search(piece):
            raise Unreadable(DAMAGED)
        columns.update(_COLUMNS.findall(piece))
        last = max(last, max((int(digits[:12]) for digits in _LINES.findall(piece)), default=0))
        before = piece[: min(start, _OVERLAP)]  # what it holds was counted with the piece before
        cells += len(_CELL.findall(piece)) - len(_CELL.findall(before))
        lines += len(_LINE.findall(piece)) - len(_LINE.findall(before))
    width = max((column_rank(letters.decode()) if len(letters) < 6 else limits.columns + 1 for letters in columns), default=0)
    if cells > len(_COLUMNS.findall(part)):  # some cells do not say where they are: they follow each other
        width += max(len(_CELL.findall(row)) for row in _LINE.split(part))
        last += lines
    if last > limits.rows + 1_000 or width > limits.columns or last * width > limits.cells:
        raise Unreadable(_TOO_WIDE.format(last, width, limits.rows, limits.columns))
