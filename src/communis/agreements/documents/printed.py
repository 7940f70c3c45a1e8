"""The reading copy of a document, by Typst, from the same values: PDF/UA-1, in French, with its title (DOC-26)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from communis.agreements.documents.layout import TABLES, filled
from communis.agreements.documents.values import Values
from communis.agreements.documents.word import default_template, placed_by, typeset
from communis.agreements.enums import DocumentKind

TEMPLATE = Path(__file__).parent / "typst" / "document.typ"
TICKS = {"☒": "oui", "☐": "non"}
ORDER = ("historique", "parties", "fondements", "expose", "lettre", "changements", "preambule", "articles", "donnees", "etp",
         "choix", "fins", "couts", "hypotheses", "compte", "contrats", "biens", "effets", "avis", "decisions", "vote",
         "signataires", "signatures", "recours")  # fmt: skip
TITLES = {"fondements": "Visas", "expose": "Exposé", "lettre": "", "hypotheses": "",
          "decisions": "L’assemblée, après en avoir délibéré", "recours": "Voies de recours", "parties": "Entre",
          "preambule": "Préambule"}  # fmt: skip
FACTS = (("expediteur", "Expéditeur"), ("destinataire", "Destinataire"), ("lieu", "Lieu et date"),
         ("objet", "Objet"), ("acte", "Acte"),
         ("convention", "Convention"), ("version", "Version"), ("gestionnaire", "Gestionnaire"), ("seance", "Séance du"),
         ("rapporteur", "Rapporteur"), ("effet", "Date d’effet"), ("agent", "Agent"))  # fmt: skip
OF_ENDING = {"effet": "Dernier jour"}  # what a termination calls otherwise
SUMMED = ("couts", "compte")


def pdf(values: Values, blanks: Sequence[str]) -> bytes:
    """Return the reading copy of a document; `blanks` is what its page tells to be completed."""
    made: bytes = typst.compile(
        str(TEMPLATE), format="pdf", pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(typeset(data_of(values, blanks)), ensure_ascii=False)},
    )  # fmt: skip
    return made


@cache
def placed_in(kind: str) -> frozenset[str]:
    """Return what the shipped template of a kind places: the reading copy says the same, no more and no less."""
    return frozenset(placed_by(default_template(kind)))


def data_of(values: Values, blanks: Sequence[str]) -> dict[str, Any]:
    """Return the sections of a document, those that have nothing to say left out."""
    placed, said = placed_in(values.kind), filled(values, blanks)
    names = dict(FACTS) | (OF_ENDING if values.kind == DocumentKind.TERMINATION else {})
    sections = [section("", lines=[f"{words} : {said[name]}" for name, words in names.items() if name in placed])]
    for name in (one for one in ORDER if one in placed and said.get(one)):
        sections.append(section_of(name, said[name]))
        if name in SUMMED and "total" in placed:
            sections.append(section("", lines=[f"Total : {said['total']}"]))
    if blanks:
        sections.append(section("À compléter", lines=blanks))
    return {"title": values.title, "owner": values.fields["organisation"], "sections": sections}


def section_of(name: str, rows: Sequence[Any]) -> dict[str, Any]:
    if name == "articles":
        parts = [{"title": f"{a['numero']} {a['titre']}".strip() or "Article", "text": a["texte"]} for a in rows]
        return section("Articles", parts=parts)
    if name == "donnees":
        return section(TABLES[name].title, parts=[{"title": one["titre"], "text": one["texte"]} for one in rows])
    if name in TABLES:
        drawn = TABLES[name]
        cells = [[TICKS.get(row.get(column, ""), row.get(column, "")) if column else "" for column in drawn.columns]
                 for row in rows]  # fmt: skip
        return section(drawn.title, head=drawn.head, rows=cells)
    return section(TITLES[name], lines=[f"Vu {row}," for row in rows] if name == "fondements" else rows)


def section(
    title: str, *, lines: Sequence[str] = (), head: Sequence[str] = (), rows: Sequence[Sequence[str]] = (),
    parts: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    return {"title": title, "lines": list(lines), "head": list(head), "rows": [list(r) for r in rows], "parts": list(parts)}
