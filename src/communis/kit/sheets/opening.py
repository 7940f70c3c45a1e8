"""Which kind of file was sent, told by its first bytes: its name proves nothing."""

from __future__ import annotations

from pathlib import Path

from communis.kit.sheets.book import MEGABYTE, Book, Limits, Unreadable
from communis.kit.sheets.text import TextBook, reading
from communis.kit.sheets.workbook import Workbook

_SAVE_AS = "Enregistrez-le au format XLSX ou CSV, puis envoyez-le à nouveau."
_REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": f"Ce classeur est d’un format ancien, ou protégé par un mot de passe. {_SAVE_AS}",
    b"%PDF": f"Ce fichier est un PDF : ses tableaux ne se lisent pas. {_SAVE_AS}",
    b"\x1f\x8b": "Ce fichier est compressé (gzip). Décompressez-le, puis envoyez-le à nouveau.",
    b"7z\xbc\xaf": "Ce fichier est une archive. Sortez-en le tableau, puis envoyez-le à nouveau.",
    b"Rar!": "Ce fichier est une archive. Sortez-en le tableau, puis envoyez-le à nouveau.",
    b"\x89PNG": f"Ce fichier est une image : ses tableaux ne se lisent pas. {_SAVE_AS}",
    b"\xff\xd8\xff": f"Ce fichier est une image : ses tableaux ne se lisent pas. {_SAVE_AS}",
    b"{\\rtf": f"Ce fichier est un texte mis en forme. {_SAVE_AS}",
}
LIMITS = Limits()
_LOOKED_AT = 65_536  # bytes that tell which kind it is, and whether it holds anything
_HEAVIEST_WORKBOOK = 20 * MEGABYTE


def opened(source: bytes | Path, limits: Limits = LIMITS) -> Book:
    """Open a file of rows, whatever it is called. A text is read as it goes, a workbook whole."""
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    with reading(source) as stream:
        start = stream.read(_LOOKED_AT)
    if not start.strip() and size <= _LOOKED_AT:
        raise Unreadable("Ce fichier est vide. Envoyez un fichier qui a une ligne de titres et des lignes de données.")
    if size > limits.size:
        raise Unreadable(f"Ce fichier est trop lourd : au plus {limits.size // MEGABYTE} Mo. Coupez-le en plusieurs fichiers.")
    for beginning, why in _REFUSED.items():
        if start.startswith(beginning):
            raise Unreadable(why)
    if not start.startswith(b"PK"):
        return TextBook(source, limits)
    if size > _HEAVIEST_WORKBOOK:
        most = _HEAVIEST_WORKBOOK // MEGABYTE
        raise Unreadable(
            f"Ce classeur est trop lourd : au plus {most} Mo. Enregistrez-le au format CSV, puis envoyez-le à nouveau."
        )
    return Workbook(source.read_bytes() if isinstance(source, Path) else source, limits)
