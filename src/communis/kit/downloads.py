"""Tables given as files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, Http404
from django.utils import timezone

from communis.kit.sheets import write_csv, write_xlsx

FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def table_file(
    form: str, file_name: str, name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]], *, as_text: bool = False
) -> FileResponse:
    """Answer with a table as a file, CSV or XLSX, dated by its name. It is written whole here, where the rows can be read."""
    if form not in FORMS:
        raise Http404
    now = timezone.now()
    made = io.BytesIO()
    if form == "csv":
        made.writelines(write_csv(titles, rows))
    else:
        write_xlsx(made, name, titles, rows, made_at=now, as_text=as_text)
    made.seek(0)
    day = timezone.localtime(now).date().isoformat()
    return FileResponse(made, as_attachment=True, filename=f"{file_name}-{day}.{form}", content_type=FORMS[form])
