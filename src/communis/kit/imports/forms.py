"""What the steps of an import ask."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from communis.kit.formats import counted
from communis.kit.imports.declared import Importable
from communis.kit.imports.examining import Titles, doubled, proposed
from communis.kit.sheets import Unreadable, opened
from communis.kit.sheets.book import MEGABYTE, Book


class OneOfFile(forms.FileField):
    """A file that may be missing when something else answers the question."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return super().clean(data, initial) if data else None


class OneOfText(forms.CharField):
    """A text that may be missing when something else answers the question."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if value else ""


class SendForm(forms.Form):
    """A file, or a table copied from a spreadsheet: one of the two."""

    use_required_attribute = False

    file = OneOfFile(label="Fichier", allow_empty_file=True)
    pasted = OneOfText(label="Ou collez un tableau copié d’un tableur", widget=forms.Textarea({"rows": 5, "spellcheck": "false"}))

    def __init__(self, *args: Any, importable: Importable, **options: Any) -> None:
        super().__init__(*args, **options)
        self.importable = importable
        self.source: bytes | Path = b""
        self.name = ""
        size, rows = importable.limits.size // MEGABYTE, counted(importable.limits.rows, "ligne")
        self.fields["file"].help_text = f"XLSX ou CSV, au plus {size} Mo et {rows}."
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.txt,.tsv"

    def clean(self) -> dict[str, Any]:
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted") or ""
        if file is None and not pasted.strip():
            raise forms.ValidationError({"file": "Choisissez un fichier, ou collez un tableau."})
        if file is not None and file.size > self.importable.limits.size:
            most = self.importable.limits.size // MEGABYTE
            raise forms.ValidationError(
                {"file": f"Ce fichier est trop lourd : au plus {most} Mo. Coupez-le en plusieurs fichiers."}
            )
        self.source = source_of(file) if file is not None else pasted.encode()
        self.name = file.name if file is not None else "tableau collé"
        try:
            opened(self.source, self.importable.limits)
        except Unreadable as why:
            raise forms.ValidationError({"file" if file is not None else "pasted": str(why)}) from None
        return self.cleaned_data


def source_of(file: UploadedFile) -> bytes | Path:
    """Return what was sent: where it was put on disk, when it is large, else its content."""
    place = getattr(file, "temporary_file_path", None)
    return Path(place()) if place is not None else file.read()


class ColumnsForm(forms.Form):
    """Which column of the file is which of the list; what the titles say is proposed."""

    def __init__(self, *args: Any, importable: Importable, titles: Titles, chosen: dict[str, int] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        places = proposed(titles, importable.columns) if chosen is None else chosen
        letters = [(str(rank), label) for rank, label in titles.letters()]
        self.labels = dict(letters)
        for column in importable.columns:
            first = "Choisissez une colonne" if column.required else "Ne pas importer"
            several = doubled(titles, column)
            choose = f"Les colonnes {' et '.join(several)} ont ce même titre : choisissez laquelle reprendre. " if several else ""
            self.fields[f"colonne_{column.name}"] = forms.ChoiceField(
                label=column.label, required=column.required, choices=[("", first), *letters], help_text=choose + column.help,
                initial=str(places[column.name]) if column.name in places else "",
                error_messages={"required": "Cette colonne est nécessaire : dites où elle est dans le fichier."},
                widget=forms.Select({"class": "input-medium"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        used: dict[str, str] = {}
        for name, rank in list(self.cleaned_data.items()):
            if not rank:
                continue
            if rank in used:
                self.add_error(name, f"La colonne {self.labels[rank]} est déjà prise pour « {self.fields[used[rank]].label} ».")
            used.setdefault(rank, name)
        if not used and not self.errors:
            raise forms.ValidationError("Aucune colonne n’est choisie : dites au moins laquelle du fichier est à importer.")
        return self.cleaned_data

    @property
    def places(self) -> dict[str, int]:
        return {name.removeprefix("colonne_"): int(rank) for name, rank in self.cleaned_data.items() if rank}


def first_sheet(book: Book) -> str:
    """Return the first sheet that has titles and a row, else the first that holds something, else the first."""
    held = {sheet: len(list(islice(book.rows(sheet, with_faults=True), 2))) for sheet in book.sheets}
    return max(book.sheets, key=lambda sheet: held[sheet])


def sheets_of(book: Book) -> tuple[str, ...]:
    """Return the sheets among which to choose: none when there is one."""
    return book.sheets if len(book.sheets) > 1 else ()
