"""The four other pools: their organizations and their made-up facts are those that ship with each convention."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

from communis.directory.enums import FactShape, PartnerKind
from communis.directory.models import Fact, FactType, LegalGround, Organization, OrganizationType, Partner
from communis.directory.register import ReferenceBody
from communis.portal.demonstration.people import give_accounts
from communis.tariff.convention import shipped

ENTERED_AT = datetime(2026, 1, 6, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
_KINDS = {"totale": "totale", "municipale": "municipale", "déclarée": "déclarée", "DGF": "dgf"}


@dataclass(frozen=True, slots=True)
class Shipped:
    """A pool made from what ships with a convention: its host, which of the others are in the service, its partners."""

    slug: str
    pool: str
    department: str
    legal_form: str
    ground: tuple[str, str]
    partners: tuple[tuple[str, str], ...]
    only: frozenset[str] = frozenset()  # the names of those who are in the service; empty: all of them

    def make(self) -> dict[str, Organization]:
        """Make the organizations, by their names; the accounts; the facts made up for the demonstration."""
        types = {t.name.casefold(): t for t in OrganizationType.objects.unscoped()}
        for name, kind in self.partners:
            Partner(name=name, kind=kind).save()
        made: dict[str, Organization] = {}
        for row in self.rows("membres.csv"):
            if row["rôle"] or not self.only or row["membre"] in self.only:
                made[row["membre"]] = self.organization(row, types[row["type"].casefold()], made)
        reference, wording = self.ground
        host = next(o for o in made.values() if o.is_host)
        LegalGround(organization=host, reference=reference, starts_on=date(2019, 1, 1), wording=wording).save()
        give_accounts(self.slug, {o.insee: o for o in made.values() if o.insee})
        self.facts(made)
        return made

    def organization(self, row: dict[str, str], type_: OrganizationType, made: dict[str, Organization]) -> Organization:
        body = ReferenceBody.known(insee=row["insee"], siren=row["siren"])
        accountant = Partner.objects.unscoped().filter(kind=PartnerKind.ACCOUNTANT).first()
        court = Partner.objects.unscoped().filter(kind=PartnerKind.COURT).first()
        one = Organization(
            type=type_, reference=body, name=row["membre"], insee=row["insee"], siren=(body.siren if body else "") or "",
            department=self.department, parent=made.get(row["rattachement"]), is_host=row["rôle"] == "gestionnaire",
            legal_form=self.legal_form if row["rôle"] else "", accountant=accountant, court=court,
        )  # fmt: skip
        one.full_clean()
        one.save()
        return one

    def facts(self, made: dict[str, Organization]) -> None:
        """Keep the made-up facts that ship with the convention, as such."""
        types = {t.code: t for t in FactType.objects.unscoped()}
        rows = [row for row in self.rows("fictif/faits.csv") if not row["membre"] or row["membre"] in made]
        for row in rows:
            type_ = types.get(row["fait"]) or types.setdefault(row["fait"], fact_type(row))
            number = number_of(row["valeur"])
            if (number is None) != (type_.shape != FactShape.NUMBER) or row["offre"]:
                continue  # a fact of one offer has no place in the directory
            Fact(
                type=type_, organization=made.get(row["membre"]), number=number, text="" if number is not None else row["valeur"],
                kind=_KINDS.get(row["nature"], ""), valid_on=days_of(row)[0], until=days_of(row)[1], source=row["source"],
                entered_by="démonstration", entered_at=ENTERED_AT, is_made_up=True,
            ).save()  # fmt: skip

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        path = Path(shipped(self.slug)) / name
        if path.exists():
            with path.open(encoding="utf-8", newline="") as lines:
                yield from csv.DictReader(lines, delimiter=";")


def days_of(row: dict[str, str]) -> tuple[date, date | None]:
    """Return from when to when a fact holds: a day, or a whole exercise."""
    if row["date"].isdecimal():
        return date(int(row["date"]), 1, 1), date(int(row["date"]), 12, 31)
    first, dash, last = row["date"].partition("-")
    if dash:  # the programme years of the Sicoval end on 30 June (AMB-38)
        return date(int(first), 7, 1), date(int(last), 6, 30)
    return day_of(row["date"]), day_of(row["jusqu_au"]) if row["jusqu_au"] else None


def day_of(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def number_of(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None


def fact_type(row: dict[str, str]) -> FactType:
    """Make the type of a fact that the convention reads and that the service has not yet."""
    words = row["fait"].replace("_", " ")
    if number_of(row["valeur"]) is not None:
        shape = FactShape.NUMBER
    else:
        shape = FactShape.YES_NO if row["valeur"] in ("oui", "non") else FactShape.WORDS
    made = FactType(code=row["fait"], label=words, shape=shape, unit=row["unité"], has_kinds=bool(row["nature"]))
    made.save()
    return made


def partners(prefecture: str, accountant: str, court: str) -> tuple[tuple[str, str], ...]:
    return (
        (prefecture, PartnerKind.PREFECTURE), (accountant, PartnerKind.ACCOUNTANT), (court, PartnerKind.COURT),
    )  # fmt: skip


SIDEC = Shipped(
    "sidec", "Direction de l’informatique du SIDEC", "39", "syndicat mixte d’énergies, d’équipements et de communication",
    ("articles 6.3.2 et 7 des statuts", "le syndicat apporte à ses membres une assistance informatique"),
    partners("Préfecture du Jura", "Service de gestion comptable de Lons-le-Saunier", "Tribunal administratif de Besançon"),
    frozenset({"Crenans", "Arbois", "Bletterans", "Champagnole", "Poligny", "Les Rousses", "Lons-le-Saunier", "Dole"}),
)  # fmt: skip
NIMES = Shipped(
    "nimes_metropole", "Direction numérique de Nîmes Métropole", "30", "communauté d’agglomération",
    ("articles L. 5211-4-2 et L. 5211-4-3 du CGCT", "les effets de ces mises en commun sont réglés par convention"),
    partners("Préfecture du Gard", "Service de gestion comptable de Nîmes", "Tribunal administratif de Nîmes"),
)  # fmt: skip
SICOVAL = Shipped(
    "sicoval", "Mutualisation numérique du Sicoval", "31", "communauté d’agglomération",
    ("article L. 5111-1 du CGCT", "des prestations de services entre la communauté et ses communes"),
    partners("Préfecture de la Haute-Garonne", "Service de gestion comptable de Castanet", "Tribunal administratif de Toulouse"),
)  # fmt: skip
GRAND_NANCY = Shipped(
    "grand_nancy", "DSIT du Grand Nancy", "54", "métropole",
    ("article L. 5211-4-2 du CGCT", "un service commun est créé entre la métropole, ses communes et leurs établissements"),
    partners("Préfecture de Meurthe-et-Moselle", "Service de gestion comptable de Nancy", "Tribunal administratif de Nancy"),
)  # fmt: skip
