"""The kinds of rows of conventions that are kept by a plain form; see `directory.records`, the one mechanism for them all."""

from __future__ import annotations

from communis.agreements.models import Attachment, Resolution
from communis.directory.records import keep

keep(with_history={"actes": Resolution, "fichiers": Attachment})
