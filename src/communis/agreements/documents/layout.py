"""What both renderings of a document read: its tables with their headers, and what is said where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from communis.agreements.documents.values import LABELS, Values, blank


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list that is a table: its title, its headers and the names of its columns."""

    title: str
    head: tuple[str, ...]
    columns: tuple[str, ...]


TABLES = {
    "choix": Drawn("Choix", ("Choisi", "Prestation", "Date d’effet"), ("case", "offre", "effet")),
    "fins": Drawn("Ce qui prend fin", ("Prestation", "Tenue depuis le", "Dernier jour"), ("offre", "depuis", "jusquau")),
    "couts": Drawn("Coûts", ("Ligne", "Article", "Exercice", "Montant", "Formule"),
                   ("ligne", "article", "exercice", "montant", "formule")),
    "changements": Drawn("Ce que l’avenant change", ("Changement", "Article", "Ce qui change"), ("genre", "article", "texte")),
    "historique": Drawn("Historique du document", ("Version", "Auteur", "Date", "État"), ("version", "auteur", "date", "etat")),
    "effets": Drawn("Effets sur l’agent", ("Effets sur", "Description"), ("titre", "texte")),
    "avis": Drawn("Avis des instances", ("Instance", "Avis", "Date"), ("instance", "avis", "date")),
    "compte": Drawn("Compte de sortie", ("Genre", "Libellé", "Jusqu’au", "Montant", "Accord"),
                    ("genre", "libelle", "jusquau", "montant", "accord")),
    "contrats": Drawn("Contrats", ("Contrat", "Dernier jour connu"), ("contrat", "jusquau")),
    "biens": Drawn("Biens transférés", ("Bien", "Utilisé par", "Conditions", "Valeur nette comptable"),
                   ("bien", "utilisateurs", "conditions", "valeur")),
    "vote": Drawn("Vote", ("Vote", "Nombre"), ("intitule", "nombre")),
    "signataires": Drawn("Signatures", ("Signataire", "Nom", "Signature"), ("partie", "nom", "")),
    "articles": Drawn("Articles", (), ("numero", "titre", "texte")),
}  # fmt: skip


def filled(values: Values, blanks: Iterable[str]) -> dict[str, Any]:
    """Return the values with, in the place of each that is blank, words that are seen and found by a search (DOC-22)."""
    wanted = set(blanks)
    found = {}
    for name, value in values.fields.items():
        if value or not isinstance(value, str | list | tuple):
            found[name] = value
        elif isinstance(value, str):
            found[name] = blank(name)
        else:
            found[name] = [row_of_blank(name)] if LABELS.get(name, name) in wanted else []
    return found


def row_of_blank(name: str) -> Any:
    if name not in TABLES:
        return blank(name)
    columns = TABLES[name].columns
    told = next(column for column in columns if column != "case")
    return {column: blank(name) if column == told else "" for column in columns if column}
