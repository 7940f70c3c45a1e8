"""What both renderings of a document read: its tables with their headers, and what is said where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from communis.agreements.documents.values import LABELS, Values, blank


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list that is a table: its title, its headers, the names of its columns and the share of the width that each takes.

    A date is one word, and wants 4.2 cm of the 16.6 that a page has: « 15 septembre 2027 » in a wide font.
    """

    title: str
    head: tuple[str, ...]
    columns: tuple[str, ...]
    shares: tuple[float, ...] = ()


TABLES = {
    "choix": Drawn("Choix", ("Choisi", "Prestation", "Date d’effet"), ("case", "offre", "effet"), (1.9, 10.5, 4.2)),
    "fins": Drawn("Ce qui prend fin", ("Prestation", "Tenue depuis le", "Dernier jour"), ("offre", "depuis", "jusquau"),
                  (8.2, 4.2, 4.2)),
    "couts": Drawn("Coûts", ("Ligne", "Article", "Exercice", "Montant", "Formule"),
                   ("ligne", "article", "exercice", "montant", "formule"), (3.9, 2.3, 2.4, 3, 5)),
    "changements": Drawn("Ce que l’avenant change", ("Changement", "Article", "Ce qui change"), ("genre", "article", "texte"),
                         (3.8, 4.6, 8.2)),
    "historique": Drawn("Historique du document", ("Version", "Auteur", "Date", "État"), ("version", "auteur", "date", "etat"),
                        (2.6, 5.6, 4.4, 4)),
    "effets": Drawn("Effets sur l’agent", ("Effets sur", "Description"), ("titre", "texte"), (5, 11.6)),
    "avis": Drawn("Avis des instances", ("Instance", "Avis", "Date"), ("instance", "avis", "date"), (6.8, 5.6, 4.2)),
    "compte": Drawn("Compte de sortie", ("Genre", "Libellé", "Jusqu’au", "Montant", "Accord"),
                    ("genre", "libelle", "jusquau", "montant", "accord"), (3.4, 3.8, 4.2, 2.6, 2.6)),
    "contrats": Drawn("Contrats", ("Contrat", "Dernier jour connu"), ("contrat", "jusquau"), (12, 4.6)),
    "biens": Drawn("Biens transférés", ("Bien", "Utilisé par", "Conditions", "Valeur nette comptable"),
                   ("bien", "utilisateurs", "conditions", "valeur")),
    "vote": Drawn("Vote", ("Vote", "Nombre"), ("intitule", "nombre"), (12, 4.6)),
    "signataires": Drawn("Signatures", ("Signataire", "Nom", "Signature"), ("partie", "nom", ""), (5, 5.6, 6)),
    "signatures": Drawn("Signatures", ("Pour", "Signataire", "Qualité", "Signée le", "Signature"),
                        ("partie", "nom", "qualite", "date", ""), (3.4, 3.6, 2.6, 4.2, 2.8)),
    "etp": Drawn("Répartition des ETP", ("Exercice", "Brique ou service", "Postes", "ETP"),
                 ("exercice", "brique", "postes", "etp"), (2.6, 5.2, 6.8, 2)),
    "articles": Drawn("Articles", (), ("numero", "titre", "texte")),
    "donnees": Drawn("Données personnelles", (), ("titre", "texte")),
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
