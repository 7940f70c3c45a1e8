"""The library of examples over small tables written by hand: members A, B, C… without SIREN, ties broken by name."""

from pathlib import Path

import communis
from communis.tariff import compute, read_convention, read_text, tables_of, verify
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE
from communis.tariff.result import decimal_text

LIBRARY = Path(communis.__file__).parent / "conventions" / "bibliotheque"
HEAD = """convention "Essai"
    gestionnaire "Syndicat d’exemple"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par siren
    taxe hors taxe

article 1 "Règles"
offre socle "Socle commun"  article 1
"""


def block(name):
    """Read a block of the library."""
    return read_convention(LIBRARY / f"{name}.tarif")


def small(body):
    """Read a convention of one article and one offer, `socle`, with a few rules more."""
    return read_text(HEAD + body)


def codes(body):
    """Return the codes of the problems of such a convention, with their severity."""
    return [(p.code, p.severity.value) for p in verify(HEAD + body, "essai.tarif")[1]]


def members(*names, **more):
    """Make member rows; `type` or `rattachement` holds for all of them."""
    return [{"membre": name, **more} for name in names]


def held(offer, *names, since="01/01/2024", until="", **steps):
    """Make rows of choices, all from the same day."""
    return [{"membre": name, "offre": offer, "du": since, "au": until, **steps} for name in names]


def facts(name, on="01/01/2024", nature="", **values):
    """Make rows of a fact, one a member."""
    return [{"membre": who, "fait": name, "valeur": value, "date": on, "nature": nature} for who, value in values.items()]


def of_service(name, value, on="01/01/2024", published=""):
    """Make one row of a fact of the service."""
    return [{"fait": name, "valeur": value, "date": on, "publié_le": published}]


def computed(convention, year=2024, **tables):
    """Compute an exercise; `membres` defaults to those who hold something."""
    if "membres" not in tables:
        tables["membres"] = members(*dict.fromkeys(row["membre"] for row in tables["choix"]))
    return compute(convention, tables_of(convention.model, tables), year)


def line(result, name, member="A", offer=None):
    """Return what a line, a credit or a limit gives a member."""
    statement = result.of(result.tables.index(member))
    return next(found for found in statement.lines if (found.name, found.offer) == (name, offer))


def said(result, name, member="A", offer=None):
    """Say what a line gives: an amount in its unit, « sans objet », or the first reason of a refusal."""
    found = line(result, name, member, offer)
    if found.outcome == AMOUNT:
        return decimal_text(found.amount / result.model.rules[name].type.factor)
    return "sans objet" if found.outcome == NOT_APPLICABLE else str(found.reasons[0])


def each(result, name, offer=None):
    """Say what a line gives every member."""
    names = [result.tables.members[s.member].name for s in result.statements]
    return {who: said(result, name, who, offer) for who in names}


def borne(result):
    """Return what the host bears, line by line."""
    return {found.name: decimal_text(found.amount) for found in result.host_lines if found.outcome == AMOUNT}


def totals(result):
    """Return what each member owes before tax, None while a line of it is refused."""
    found = {result.tables.members[s.member].name: result.total(s) for s in result.statements}
    return {who: None if total is None else decimal_text(total) for who, total in found.items()}
