"""Any list whose rows are kept by a plain form (`directory.records`), from a file: a line is a row, recorded as the form does.

A row is found by its number, which exports give, else by what names it; it is made when it is not there. Every line that makes or
changes something goes through the operation, its checks and its predicate of access, already in the preview: nothing else could
tell whether it would be refused, by what is there or by a line above. The preview undoes it all.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from communis.directory.identifiers import CodeField
from communis.directory.imports.named import Named
from communis.directory.operations import rows as operations
from communis.directory.records import KINDS, Kind, related_to
from communis.foundation.tenancy import PoolModel
from communis.kit.formats import capital
from communis.kit.imports import Change, Column, Importable, Planned, Work, Wrong, count, day, hour, number, one_of, words, yes_no
from communis.kit.imports.columns import Reader, shown
from communis.kit.plain import plain
from communis.kit.refusals import Refusal

NUMBER = Column(
    name="pk", label="N°", read=count(digits=18), synonyms=("numéro", "n° de fiche"),
    help="Le numéro de la fiche, donné par l’export. Vide : elle est cherchée par son nom, et créée si elle n’existe pas.",
)  # fmt: skip
LARGE = 300  # lines from which a job does it: each one that changes something is recorded, in the preview too
_LONGEST = 10_000
_EMPTY = frozenset({"blank", "null", "required"})


@dataclass
class Known:
    """The rows in place that whoever imports may see, and those that their cells may name."""

    work: Work
    rows: dict[int, PoolModel]
    by_key: dict[tuple[Any, ...], dict[int, PoolModel]]
    named: dict[str, Named[PoolModel]]


Verb = Callable[[Any, Work], None]  # keeps a row for whoever imports; raises Refusal or ValidationError


def by_its_form(row: Any, _: Work) -> None:
    operations.record(row)


@dataclass(frozen=True)
class Rows:
    """The rows of a kind, as a list to import: `key` names the fields by which a row is found when its number is not given."""

    kind: Kind
    key: tuple[str, ...]
    record: Verb = by_its_form

    @property
    def names(self) -> tuple[str, ...]:
        return ((self.kind.parent,) if self.kind.parent else ()) + self.kind.fields

    def field(self, name: str) -> models.Field:
        field = self.kind.model._meta.get_field(name)
        assert isinstance(field, models.Field), name
        return field

    def label(self, name: str) -> str:
        return capital(self.field(name).verbose_name)

    def columns(self, told: Mapping[str, Mapping[str, Any]]) -> list[Column]:
        """Return a column for each field; those of the key that cannot be empty are required."""
        found = [replace(NUMBER, **told.get("pk", {}))]
        for name in self.names:
            field = self.field(name)
            required = name in self.key and not (field.null or field.blank or field.has_default())
            options: dict[str, Any] = {"help": str(field.help_text), "synonyms": (), **told.get(name, {})}
            several = isinstance(field, models.TextField)
            found.append(Column(name=name, label=self.label(name), read=reader_of(field), required=required,
                                several_lines=several, **options))  # fmt: skip
        return found

    # ------------------------------------------------------------ what is there

    def visible(self, user: Any) -> models.QuerySet:
        related = [name for name in self.names if self.field(name).is_relation]
        rows = self.kind.model.objects.visible_to(user).select_related(*related)
        return rows.filter(**{f"{self.kind.parent}__isnull": False}) if self.kind.parent else rows

    def named(self, user: Any) -> dict[str, Named[PoolModel]]:
        """Return, for each reference, the rows that somebody may name."""
        models_of = {name: related_to(self.kind.model, name) for name in self.names if self.field(name).is_relation}
        found = {model: Named(model.objects.visible_to(user)) for model in dict.fromkeys(models_of.values())}
        return {name: found[model] for name, model in models_of.items()}

    def known(self, work: Work) -> Known:
        rows = {row.pk: row for row in self.visible(work.user)}
        found = Known(work, rows, {}, self.named(work.user))
        for row in rows.values():
            found.by_key.setdefault(self.key_of(row), {})[row.pk] = row
        return found

    def key_of(self, row: models.Model) -> tuple[Any, ...]:
        """Return what a row is found by: words whatever their accents and case, references by their number."""
        values = (getattr(row, self.field(name).attname) for name in self.key)
        return tuple(plain(value) if isinstance(value, str) else value for value in values)

    def identify(self, values: Mapping[str, Any], _found: Known) -> dict[str, Any]:
        if values.get("pk") is not None:
            return {"pk": values["pk"]}
        key = tuple(plain(v) if isinstance(v := values.get(name), str) else v for name in self.key)
        return {self.key[0]: key}

    # ------------------------------------------------------------ what a line does

    def plan(self, values: Mapping[str, Any], found: Known) -> Planned:
        """Record what a line says, and tell it."""
        wanted = {name: value for name, value in values.items() if value is not None and name != "pk"}
        for name, named in found.named.items():
            if name in wanted:
                wanted[name] = named.find(wanted[name], name, f"« {values[name]} » n’est pas connu, ou n’est pas à vous.")
        before = self.existing(values.get("pk"), wanted, found)
        row = copy.copy(before) if before is not None else self.kind.model()
        changes = tuple(self.changes(before, wanted))
        if before is not None and not changes:
            return Planned(name=str(before), about=before.pk)
        for name in wanted:
            setattr(row, name, wanted[name])
        self.check_right(before, row, found.work.user)
        recorded(lambda: self.record(row, found.work), self.label)
        self.keep(before, row, found)
        return Planned(name=str(row), is_new=before is None, changes=changes, about=row.pk)

    def existing(self, given: int | None, wanted: Mapping[str, Any], found: Known) -> PoolModel | None:
        """Find the row that a line is about: by its number, else by its key; the two must agree."""
        key = self.key_of(self.kind.model(**{name: wanted[name] for name in self.key if name in wanted}))
        same = found.by_key.get(key, {})
        if given is None:
            if len(same) > 1:
                numbers = ", ".join(map(str, sorted(same)))
                raise Wrong("Plusieurs fiches répondent à cette ligne.", f"Ajoutez une colonne N° et dites laquelle : {numbers}.")
            return next(iter(same.values()), None)
        row = found.rows.get(given)
        if row is None:
            raise Wrong("Aucune fiche de cette liste n’a ce numéro.", "Videz la cellule pour créer la fiche.", "pk")
        if same and given not in same:
            raise Wrong(f"Le n° est celui de « {row} », et le reste de la ligne est celui d’une autre fiche.",
                        "Corrigez le numéro, ou videz-le.", "pk")  # fmt: skip
        return row

    def changes(self, before: PoolModel | None, wanted: Mapping[str, Any]) -> Iterator[Change]:
        for name, value in wanted.items():
            old = getattr(before, name) if before is not None else None
            if before is None or not same(old, value):
                yield Change(self.label(name), self.said(name, old), self.said(name, value))

    def said(self, name: str, value: Any) -> str:
        choices = dict(self.field(name).flatchoices)
        return str(choices[value]) if value in choices else shown(value)

    def check_right(self, before: PoolModel | None, row: PoolModel, user: Any) -> None:
        """Ask the predicate of the form: for what holds the row, which a row never leaves."""
        if before is not None and self.kind.parent and self.kind.holder(before).pk != self.kind.holder(row).pk:
            raise Wrong(f"Cette fiche est à « {self.kind.holder(before)} » : elle n’en change pas.",
                        "Videz le numéro pour en créer une autre.", self.kind.parent)  # fmt: skip
        ask = self.kind.may if before is None else self.kind.may_change
        if not ask(user, self.kind.holder(row)):
            raise Wrong("Vous ne tenez pas cette fiche.", "Retirez la ligne.", self.kind.parent)

    def keep(self, before: PoolModel | None, row: PoolModel, found: Known) -> None:
        """Know the row as it now is, for the lines below."""
        if before is not None:
            found.by_key[self.key_of(before)].pop(row.pk)
        found.rows[row.pk] = row
        found.by_key.setdefault(self.key_of(row), {})[row.pk] = row
        for name, named in found.named.items():
            if self.field(name).related_model is self.kind.model:
                named.add(row)

    # ------------------------------------------------------------ the list as it is

    def rows(self, work: Work) -> Iterator[Sequence[Any]]:
        named = self.named(work.user)
        for row in self.visible(work.user).iterator(chunk_size=2_000):
            yield [row.pk, *(self.written(row, name, named) for name in self.names)]

    def written(self, row: models.Model, name: str, named: Mapping[str, Named[PoolModel]]) -> Any:
        value = getattr(row, name)
        if name in named:
            return named[name].written(value)
        return self.said(name, value) if self.field(name).choices else value


def record(row: models.Model, label: Callable[[str], str]) -> None:
    """Record a row by the operation of its form; tell what is refused under the column at fault."""
    recorded(lambda: operations.record(row), label)


def recorded(verb: Callable[[], Any], label: Callable[[str], str]) -> None:
    """Do what a line says; tell what is refused under the column at fault."""
    try:
        verb()
    except Refusal as refusal:
        raise Wrong(str(refusal)) from None
    except ValidationError as problem:
        raise wrong_of(problem, label) from None


def wrong_of(problem: ValidationError, label: Callable[[str], str]) -> Wrong:
    if not hasattr(problem, "error_dict"):
        return Wrong(" ".join(problem.messages))
    name, errors = next(iter(problem.error_dict.items()))
    if name == "__all__":
        return Wrong(" ".join(problem.messages))
    if errors[0].code in _EMPTY:
        return Wrong(f"« {label(name)} » manque.", "Remplissez cette cellule, ou ajoutez cette colonne.", name)
    return Wrong(" ".join(message for error in errors for message in error.messages), column=name)


def same(old: Any, new: Any) -> bool:
    """Tell whether a value is what is there: spaces and the form of apostrophes are no difference."""
    if isinstance(old, str) and isinstance(new, str):
        return typed(old) == typed(new)
    return bool(old == new)


def typed(text: str) -> str:
    return str(words(10**9)(text)).replace("'", "’")


def reader_of(field: models.Field) -> Reader:
    """Return what reads the cells of a field."""
    if field.is_relation:
        return words(300)
    if field.choices:
        return one_of(field.flatchoices)
    if isinstance(field, models.DateField):
        return day
    if isinstance(field, models.TimeField):
        return hour
    if isinstance(field, models.BooleanField):
        return yes_no
    if isinstance(field, models.DecimalField):
        return number(places=field.decimal_places, digits=field.max_digits - field.decimal_places, unit="", least=0)
    if isinstance(field, models.IntegerField):
        return count()
    if isinstance(field, CodeField):
        return lambda text: "".join(text.split()).upper()
    if isinstance(field, models.EmailField):
        return words(field.max_length or _LONGEST, validate_email)
    return words(field.max_length or _LONGEST)


def importable(slug: str, *, key: tuple[str, ...], **options: Any) -> Importable:
    """Declare the import of the rows of a kind that has a plain form."""
    return of_rows(Rows(KINDS[slug], key), **options)


def of_rows(rows: Rows, *, title: str, may: Callable[[Any], bool], list_url: str, many: str,
            told: Mapping[str, Mapping[str, Any]], **options: Any) -> Importable:  # fmt: skip
    """Declare the import of some rows; `told` says, by field, what helps to recognize and to fill its column."""
    kind = rows.kind
    return Importable(
        name=kind.slug, title=title, one=kind.one.partition(" ")[2], many=many, feminine=kind.feminine, makes="ajouté",
        columns=rows.columns(told), may=may, known=rows.known, identify=rows.identify, plan=rows.plan, rows=rows.rows,
        large=LARGE, list_url=list_url, undo="Chaque fiche garde son historique : ce qui a changé, avant et après, et par qui.",
        **options,
    )  # fmt: skip
