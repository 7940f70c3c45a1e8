"""Which kind of file was sent, told by its first bytes: its name proves nothing."""

from __future__ import annotations

from communis.kit.sheets.book import MEGABYTE, Book, Limits, Unreadable
from communis.kit.sheets.text import TextBook
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


def opened(content: bytes, limits: Limits = LIMITS) -> Book:
    """Open a file of rows, whatever it is called."""
    if not content.strip():
        raise Unreadable("Ce fichier est vide. Envoyez un fichier qui a une ligne de titres et des lignes de données.")
    if len(content) > limits.size:
        raise Unreadable(f"Ce fichier est trop lourd : au plus {limits.size // MEGABYTE} Mo. Coupez-le en plusieurs fichiers.")
    for beginning, why in _REFUSED.items():
        if content.startswith(beginning):
            raise Unreadable(why)
    return Workbook(content, limits) if content.startswith(b"PK") else TextBook(content, limits)
