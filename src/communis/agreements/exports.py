"""Acts as others read them: the open data of deliberations (SCDL 2.1.4), and metadata for the préfecture (ACTES 1.1; INT-06)."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communis.agreements.coherence import VOTED, voters_of
from communis.agreements.enums import Nature
from communis.agreements.matters import levels_of, name_of, two_levels
from communis.agreements.transmissions import LONGEST_NUMBER, Transmission, three_characters
from communis.directory.identifiers import is_siren, is_siret
from communis.kit.refusals import Refusal

COLUMNS = (
    "COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM", "DELIB_OBJET",
    "BUDGET_ANNEE", "BUDGET_NOM", "PREF_ID", "PREF_DATE", "VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE",
    "VOTE_ABSTENTION", "DELIB_URL",
)  # fmt: skip
ACTES, INSEE = "http://www.interieur.gouv.fr/ACTES#v1.1-20040216", "http://xml.insee.fr/schema"
NATURES = {nature: rank for rank, nature in enumerate(Nature, 1)}  # DE 1, AR 2, AI 3, CC 4, BF 5, AU 6
NO_SIRET = "le SIRET de la collectivité manque à sa fiche"
LONGEST_SUBJECT = 500
PIECE = "99_DE"  # the type of a piece when the préfecture says no other
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")  # XML knows none of them
ET.register_namespace("actes", ACTES)
ET.register_namespace("insee", INSEE)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An act that cannot be published, and all that it lacks."""

    act: Any
    reasons: tuple[str, ...]


def publishable(acts: Iterable[Any], organization: Any) -> tuple[list[dict[str, Any]], list[LeftOut]]:
    """Return the lines of the open data of deliberations, and the acts that cannot go, each with why.

    Columns that communis does not know for sure stay empty: the budget, the code of the préfecture, the address of the text.
    """
    lines, left_out = [], []
    for act in acts:
        reasons = tuple(lacking(act, organization))
        if reasons:
            left_out.append(LeftOut(act, reasons))
        else:
            lines.append(line_of(act, organization))
    return lines, left_out


def lacking(act: Any, organization: Any) -> Iterable[str]:
    if act.state not in VOTED:
        yield f"l’acte n’est pas voté (état « {act.get_state_display()} »)"
    if not is_siret(organization.siret):
        yield NO_SIRET
    if not act.number:
        yield "le numéro au registre manque"
    if act.session_on is None:
        yield "la date de séance manque"
    if not two_levels(act.matter):
        yield f"la matière « {act.matter} » n’est pas du classement de la préfecture" if act.matter else "la matière manque"


def line_of(act: Any, organization: Any) -> dict[str, Any]:
    given = {
        "COLL_NOM": organization.name, "COLL_SIRET": organization.siret, "DELIB_ID": act.number,
        "DELIB_DATE": act.session_on.isoformat(), "DELIB_MATIERE_CODE": two_levels(act.matter),
        "DELIB_MATIERE_NOM": name_of(act.matter), "DELIB_OBJET": " ".join(act.subject.split()),
        "PREF_DATE": act.received_on.isoformat() if act.received_on else "", "VOTE_EFFECTIF": act.in_office,
        "VOTE_REEL": voters_of(act, ())[0], "VOTE_POUR": act.votes_for, "VOTE_CONTRE": act.votes_against,
        "VOTE_ABSTENTION": act.abstained,
    }  # fmt: skip
    return {name: "" if given.get(name) is None else given[name] for name in COLUMNS}


def scdl_file(lines: Sequence[dict[str, Any]]) -> bytes:
    """Write the lines as SCDL wants them: UTF-8, commas, the seventeen columns in their order."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return made.getvalue().encode("utf-8")


# ------------------------------------------------------------ to the préfecture


@dataclass(frozen=True, slots=True)
class Sent:
    """The metadata of an act for the préfecture: the name of the file, and what it holds."""

    name: str
    data: bytes


def sent_number_of(act: Any) -> str:
    """Return the internal number of an act: its own for the préfecture, else that of the register in the letters allowed."""
    return act.sent_number or re.sub(r"[^A-Za-z0-9]+", "_", act.number).strip("_")


def metadata_of(act: Any, *, classified_on: date, annexes: int = 0) -> Sent:
    """Write the `actes:Acte` of an act, its piece and its annexes named `99_DE-…`; raise Refusal, which says all that it lacks.

    `classified_on` is the date of the classification of matters that the préfecture last sent.
    """
    number, reasons = sent_number_of(act), list(unready(act))
    if reasons:
        raise Refusal(f"Cet acte ne peut pas encore être transmis : {' ; '.join(reasons)}. Complétez sa fiche.")
    organization = act.organization
    identifier = Transmission(
        three_characters(organization.department), organization.siren, act.session_on, number, Nature(act.nature)
    )
    root = ET.Element(_a("Acte"), {
        _a("Date"): act.session_on.isoformat(), _a("NumeroInterne"): number,
        _a("CodeNatureActe"): str(NATURES[Nature(act.nature)]),
    })  # fmt: skip
    for rank, level in enumerate(levels_of(act.matter), 1):
        ET.SubElement(root, _a(f"CodeMatiere{rank}"), {_a("CodeMatiere"): str(level)})
    ET.SubElement(root, _a("Objet")).text = " ".join(_CONTROLS.sub(" ", act.subject).split())
    ET.SubElement(root, _a("ClassificationDateVersion")).text = classified_on.isoformat()
    _file(ET.SubElement(root, _a("Document")), piece_name(identifier, 1))
    listed = ET.SubElement(root, _a("Annexes"), {_a("Nombre"): str(annexes)})
    for rank in range(annexes):
        _file(ET.SubElement(listed, _a("Annexe")), piece_name(identifier, rank + 2))
    ET.SubElement(root, _a("DocumentPapier")).text = "N"
    return Sent(f"{identifier}-1-1_0.xml", ET.tostring(root, encoding="ISO-8859-1", xml_declaration=True))


def unready(act: Any) -> Iterable[str]:
    """Yield what an act lacks to be sent."""
    organization, number = act.organization, sent_number_of(act)
    if act.state not in VOTED:
        yield "il n’est pas voté"
    if not is_siren(organization.siren):
        yield "le SIREN de la collectivité manque à sa fiche"
    if not organization.department:
        yield "le département de la collectivité manque à sa fiche"
    if act.session_on is None:
        yield "la date de séance manque"
    if not number:
        yield "le numéro manque"
    elif not re.fullmatch(rf"[A-Za-z0-9_]{{1,{LONGEST_NUMBER}}}", number):
        yield f"« {number} » : le numéro à la transmission a {LONGEST_NUMBER} lettres sans accent, chiffres ou tirets bas au plus"
    if not levels_of(act.matter):
        yield "la matière manque, ou n’a pas ses deux niveaux (5.7)"
    if len(act.subject) > LONGEST_SUBJECT:
        yield f"l’objet dépasse {LONGEST_SUBJECT} caractères"


def piece_name(identifier: Transmission, rank: int) -> str:
    """Return the name of a piece: `99_DE-034-491011698-20171207-CL20171227_06-DE-1-1_1.pdf`."""
    return f"{PIECE}-{identifier}-1-1_{rank}.pdf"


def _a(name: str) -> str:
    return f"{{{ACTES}}}{name}"


def _file(holder: ET.Element, name: str) -> None:
    ET.SubElement(holder, _a("NomFichier")).text = name
