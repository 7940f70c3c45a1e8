"""The reading copy of a document, by Typst, from the same values: PDF/UA-1, in French, with its title (DOC-26)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from communis.agreements.documents.values import Values
from communis.agreements.documents.word import blank, typeset

TEMPLATE = Path(__file__).parent / "typst" / "document.typ"
TABLES = {  # the lists that are tables, with their headers and the names of their columns
    "choix": ("Choix", ("Choisi", "Prestation", "Date d’effet"), ("case", "offre", "effet")),
    "couts": (
        "Coûts",
        ("Ligne", "Article", "Exercice", "Montant", "Formule"),
        ("ligne", "article", "exercice", "montant", "formule"),
    ),
    "changements": ("Ce que l’avenant change", ("Changement", "Article", "Ce qui change"), ("genre", "article", "texte")),
    "historique": ("Historique du document", ("Version", "Auteur", "Date", "État"), ("version", "auteur", "date", "etat")),
    "effets": ("Effets sur l’agent", ("Effets sur", "Description"), ("titre", "texte")),
    "avis": ("Avis des instances", ("Instance", "Avis", "Date"), ("instance", "avis", "date")),
    "compte": (
        "Compte de sortie",
        ("Genre", "Libellé", "Jusqu’au", "Montant", "Accord"),
        ("genre", "libelle", "jusquau", "montant", "accord"),
    ),
    "contrats": ("Contrats", ("Contrat", "Dernier jour connu"), ("contrat", "jusquau")),
    "biens": (
        "Biens transférés",
        ("Bien", "Utilisé par", "Conditions", "Valeur nette comptable"),
        ("bien", "utilisateurs", "conditions", "valeur"),
    ),
    "signataires": ("Signatures", ("Pour", "Nom", "Signature"), ("partie", "nom", "")),
}
TICKS = {"☒": "oui", "☐": "non"}
ORDER = ("historique", "fondements", "expose", "lettre", "changements", "articles", "choix", "couts", "compte", "contrats",
         "biens", "effets", "avis", "decisions", "signataires")  # fmt: skip
TITLES = {"fondements": "Vu", "expose": "Exposé", "lettre": "", "decisions": "Décisions"}
FACTS = (("expediteur", "Expéditeur"), ("destinataire", "Destinataire"), ("objet", "Objet"), ("acte", "Acte"),
         ("convention", "Convention"), ("version", "Version"), ("seance", "Séance du"), ("rapporteur", "Rapporteur"),
         ("effet", "Date d’effet"), ("agent", "Agent"))  # fmt: skip
LETTERS = ("commitment", "notice_letter", "denunciation")


def pdf(values: Values) -> bytes:
    """Return the reading copy of a document."""
    made: bytes = typst.compile(
        str(TEMPLATE), format="pdf", pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(typeset(data_of(values)), ensure_ascii=False)},
    )  # fmt: skip
    return made


def data_of(values: Values) -> dict[str, Any]:
    """Return the sections of a document, those that have nothing to say left out."""
    wanted = values.blanks()
    facts = [f"{words} : {values.fields[name] or blank(name)}" for name, words in FACTS
             if values.fields.get(name) or name in wanted]  # fmt: skip
    sections = [section("", lines=facts)]
    for name in ORDER:
        rows = values.fields.get(name) or []
        if not rows or (name == "lettre" and values.kind not in LETTERS):
            continue
        sections.append(section_of(name, rows))
        if name in ("couts", "compte") and values.fields["total"]:
            sections.append(section("", lines=[f"Total : {values.fields['total']}"]))
    if wanted:
        sections.append(section("À compléter", lines=wanted))
    return {"title": values.title, "owner": values.fields["organisation"], "sections": sections}


def section_of(name: str, rows: Sequence[Any]) -> dict[str, Any]:
    if name == "articles":
        parts = [{"title": f"{a['numero']} {a['titre']}".strip() or "Article", "text": a["texte"]} for a in rows]
        return section("Articles", parts=parts)
    if name in TABLES:
        title, head, columns = TABLES[name]
        cells = [[TICKS.get(row.get(column, ""), row.get(column, "")) if column else "" for column in columns] for row in rows]
        return section(title, head=head, rows=cells)
    return section(TITLES[name], lines=rows)


def section(
    title: str, *, lines: Sequence[str] = (), head: Sequence[str] = (), rows: Sequence[Sequence[str]] = (),
    parts: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    return {"title": title, "lines": list(lines), "head": list(head), "rows": [list(r) for r in rows], "parts": list(parts)}
