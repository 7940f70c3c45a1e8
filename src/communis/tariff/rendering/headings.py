"""The columns of the workbooks."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A column: its title, the type of its cells, its width in characters."""

    title: str
    kind: str = "text"
    width: int = 14


TOTALS = (
    Column("Membre", width=30),
    Column("SIREN", width=12),
    Column("Type", width=16),
    Column("État", width=24),
    Column("Total avant taxe", "money", 16),
    Column("Taxe", "money", 14),
    Column("À régler", "money", 16),
    Column("En fonctionnement", "money", 18),
    Column("En investissement", "money", 18),
    Column("Mention", "long", 44),
    Column("Motifs", "long", 60),
)
LINES = (
    Column("Membre", width=30),
    Column("SIREN", width=12),
    Column("Ligne", width=26),
    Column("Libellé", width=40),
    Column("Genre", width=10),
    Column("Offre", width=24),
    Column("Nature", width=26),
    Column("Imputation", width=12),
    Column("Articles", width=14),
    Column("Résultat", width=14),
    Column("Montant", "amount", 16),
    Column("Unité", width=10),
    Column("Fonctionnement", "money", 16),
    Column("Investissement", "money", 16),
    Column("Motif", "long", 50),
    Column("Service du", "date", 12),
    Column("Service au", "date", 12),
    Column("Échéance du", "date", 12),
    Column("Échéance au", "date", 12),
    Column("Autres échéances", "long", 24),
    Column("Exercice budgétaire", "year", 12),
    Column("Payé par", width=24),
    Column("Régime de taxe", width=16),
    Column("Taux de taxe (%)", "number", 10),
    Column("Taxe", "money", 14),
    Column("Décision", "long", 40),
    Column("Mention", "long", 44),
)
FACTS = (
    Column("Membre", width=30),
    Column("Fait", width=34),
    Column("Offre", width=24),
    Column("Valeur", "number", 16),
    Column("Unité", width=12),
    Column("Nature", width=14),
    Column("Valeur du", "date", 12),
    Column("Jusqu’au", "date", 12),
    Column("Source", "long", 50),
    Column("Auteur", width=26),
    Column("Mention", "long", 44),
    Column("Sert à", "long", 50),
)
INTERPRETATIONS = (
    Column("Nom", width=12),
    Column("Question", "long", 60),
    Column("Lecture retenue", width=24),
    Column("Ce qu’elle dit", "long", 60),
    Column("Articles", width=16),
)
STATEMENT = (
    Column("N°", "year", 6),
    Column("Nature", width=28),
    Column("Prestation", "long", 44),
    Column("Articles", width=16),
    Column("Quantité", width=18),
    Column("Résultat", width=16),
    Column("Montant", "amount", 16),
    Column("Unité", width=10),
    Column("Service", "long", 34),
    Column("Échéance", "long", 34),
    Column("Précisions", "long", 50),
    Column("Mention", "long", 44),
)
EXPLANATIONS = (Column("N°", "year", 6), Column("Prestation", "long", 40), Column("Explication", "long", 110))
