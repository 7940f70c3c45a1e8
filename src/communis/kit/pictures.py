"""What a picture sent by somebody is, from its bytes alone: neither its name nor what the browser says of it counts."""

from __future__ import annotations

import struct
from dataclasses import dataclass

TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x00IEND\xaeB\x60\x82"
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the segments of a JPEG that tell its size


@dataclass(frozen=True, slots=True)
class Picture:
    form: str
    width: int
    height: int


class NotAPicture(ValueError):
    """The bytes are not those of a whole PNG, JPEG or WebP."""


def picture_of(data: bytes) -> Picture:
    """Return the form and the size of a picture; bytes after its end, or a size that cannot be read, are refused."""
    try:
        if data.startswith(_PNG) and data.endswith(_PNG_END) and data[12:16] == b"IHDR":
            return Picture("png", *struct.unpack(">II", data[16:24]))
        if data.startswith(_JPEG) and data.endswith(_JPEG_END):
            return Picture("jpg", *_size_of_jpeg(data))
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP" and int.from_bytes(data[4:8], "little") + 8 == len(data):
            return Picture("webp", *_size_of_webp(data))
    except (struct.error, IndexError) as problem:
        raise NotAPicture from problem
    raise NotAPicture


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if length < 2:
            raise NotAPicture
        at += 2 + length
    raise NotAPicture


def _size_of_webp(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise NotAPicture
