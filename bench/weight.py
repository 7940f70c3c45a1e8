"""What a page weighs for a browser that knows nothing yet: the page, its styles, script and pictures, the fonts it needs."""

from __future__ import annotations

import re
from pathlib import Path

_ASKED = re.compile(r'(?:src|href)="/static/([^"?]+)"')
_FACE = re.compile(r"@font-face\s*\{([^}]*url\([^}]*)\}")
_URL = re.compile(r'url\("?([^")]+)"?\)')


class Weights:
    """Weighs pages; static files count as they are sent, compressed when a compressed one was collected beside them."""

    def __init__(self, static: Path) -> None:
        self.static = static

    def size(self, name: str) -> int:
        packed = self.static / f"{name}.gz"
        return (packed if packed.is_file() else self.static / name).stat().st_size

    def of(self, body: bytes) -> int:
        """Return the bytes of all that a page asks for. Italics and letters out of Latin-1 are asked for apart."""
        asked = set(_ASKED.findall(body.decode("utf-8")))
        fonts = {
            str((Path(name).parent / _URL.search(face)[1]).as_posix())
            for name in asked
            if name.endswith(".css")
            for face in _FACE.findall((self.static / name).read_text("utf-8"))
            if "italic" not in face and "latin-ext" not in face
        }
        return sum(self.size(name) for name in asked | fonts)
