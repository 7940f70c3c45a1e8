"""The histories of acts and of the files attached to records; each is kept by pages of its own."""

from __future__ import annotations

from communis.agreements.models import Attachment, Resolution
from communis.directory.records import keep

keep(with_history={"actes": Resolution, "fichiers": Attachment})
