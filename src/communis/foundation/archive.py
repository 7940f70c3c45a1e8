"""The file of a backup: pieces one after the other in a tar, a manifest as the last of them, then a seal over every byte.

Any program that reads tar opens it. What is cut or altered is refused before anything is restored, with the name of the piece.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from communis.foundation import system
from communis.foundation.problems import Impossible

FORMAT = 1
MANIFEST = "manifest.json"
_SEAL_WORD = "\ncommunis-seal "
_SEAL_BYTES = len(_SEAL_WORD) + 64 + 1 + 64 + 1  # the word, the digest of the manifest, a space, that of all before, a line end
_CHUNK = 1 << 20
_MOST_OF_A_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, told by itself."""

    format: int
    made_at: str
    communis: str
    postgresql: int
    dumped_with: int
    rows: dict[str, int]
    pieces: tuple[Piece, ...]


class Readable(Protocol):
    """What is read in order."""

    def read(self, size: int = -1, /) -> bytes: ...


Receive = Callable[[str, Readable], None]


class _Hashed:
    """A file written or read in order, at most so many bytes of it, whose digest is known at the end."""

    def __init__(self, file: Any, most: int = -1) -> None:
        self.file, self.left, self.digest = file, most, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.file.write(data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        data: bytes = self.file.read(min(size, self.left) if size >= 0 else self.left)
        self.left -= len(data)
        self.digest.update(data)
        return data


class Writer:
    """A backup being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.pieces: list[Piece] = []
        self.told = b""

    def add(self, name: str, path: Path) -> None:
        """Add a file, as long as it was when it was opened."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            member = tarfile.TarInfo(name)
            member.size, member.mode = size, 0o600
            hashed: Any = _Hashed(file, size)
            self._tar.addfile(member, hashed)
        self.pieces.append(Piece(name, size, hashed.digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, after which nothing comes."""
        self.told = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(self.told), 0o600
        self._tar.addfile(member, io.BytesIO(self.told))


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write a backup beside its place, readable by its owner only, and put it there once it is whole and on disk."""
    if target.exists():
        raise Impossible(f"Le fichier {target} existe déjà. Donnez un autre nom, ou retirez-le.")
    unfinished = target.with_name(f"{target.name}.inachevée")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            whole: Any = _Hashed(file)
            with tarfile.open(fileobj=whole, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar)
                yield writer
            file.write(f"{_SEAL_WORD}{hashlib.sha256(writer.told).hexdigest()} {whole.digest.hexdigest()}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        raise Impossible(f"La sauvegarde {target} ne s’écrit pas : {system.reason(error)}.") from None
    finally:
        with suppress(OSError):
            unfinished.unlink()


def reading(source: Path, receive: Receive | None = None) -> Manifest:
    """Read a backup to its end and check every byte of it; give each piece to `receive` on the way. Return the manifest."""
    try:
        with source.open("rb") as file:
            return _read(source, file, os.fstat(file.fileno()).st_size - _SEAL_BYTES, receive)
    except OSError as error:
        raise Impossible(f"La sauvegarde {source} ne se lit pas : {system.reason(error)}.") from None


def _read(source: Path, file: IO[bytes], size: int, receive: Receive | None) -> Manifest:
    whole: Any = _Hashed(file, max(size, 0))
    found: list[Piece] = []
    told = b""
    now = ""
    try:
        with tarfile.open(fileobj=whole, mode="r|") as tar:
            for member in tar:
                now = f"la pièce « {member.name} »"
                content = tar.extractfile(member)
                if content is None or told:
                    raise Impossible(_spoiled(source, f"{now} n’y a pas sa place"))
                if member.name == MANIFEST:
                    told = content.read(_MOST_OF_A_MANIFEST)
                else:
                    found.append(_piece(member, content, receive))
    except tarfile.TarError:
        raise Impossible(_spoiled(source, f"{now} est coupée ou illisible" if now else "son début ne se lit pas")) from None
    whole.read()
    seal = file.read().decode("ascii", "replace")
    if not told:
        raise Impossible(_spoiled(source, f"elle s’arrête après {now}, sans son manifeste" if now else "elle est vide"))
    digests = seal.removeprefix(_SEAL_WORD).split()
    if not seal.startswith(_SEAL_WORD) or len(seal) != _SEAL_BYTES or len(digests) != 2:
        raise Impossible(_spoiled(source, "le sceau de la fin manque"))
    if hashlib.sha256(told).hexdigest() != digests[0]:
        raise Impossible(_spoiled(source, f"la pièce « {MANIFEST} » a changé"))
    manifest = _manifest(source, told)
    wrong = [piece.name for piece, read in zip(manifest.pieces, found, strict=False) if piece != read]
    if wrong or len(manifest.pieces) != len(found):
        names = ", ".join(f"« {name} »" for name in wrong) or "une pièce en trop ou en moins"
        raise Impossible(_spoiled(source, f"la pièce {names} a changé"))
    if whole.digest.hexdigest() != digests[1]:
        raise Impossible(_spoiled(source, "le remplissage entre deux pièces a changé"))
    return manifest


def _piece(member: tarfile.TarInfo, content: Readable, receive: Receive | None) -> Piece:
    hashed = _Hashed(content, member.size)
    if receive is not None:
        receive(member.name, hashed)
    while hashed.read(_CHUNK):
        pass
    return Piece(member.name, member.size, hashed.digest.hexdigest())


def _manifest(source: Path, told: bytes) -> Manifest:
    given = json.loads(told)
    if given.get("format") != FORMAT:
        raise Impossible(f"La sauvegarde {source} est d’une version plus récente de communis. Restaurez-la avec cette version.")
    return Manifest(**{**given, "pieces": tuple(Piece(**piece) for piece in given["pieces"])})


def _spoiled(source: Path, what: str) -> str:
    return f"La sauvegarde {source} est abîmée : {what}. Rien n’a été restauré ; prenez-en une autre copie."
