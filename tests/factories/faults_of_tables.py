"""The smallest table that has each fault the reader of tables can tell, with its row, its column and its remedy."""

from typing import NamedTuple

from factories.blocks import HEAD

TEXT = (
    HEAD
    + """\
offre groupe "Briques"  article 1
offre réseau "Réseau" dans groupe
offre audit "Audit"  article 1
    rapport_remis_le : date
unité poste "poste de travail"
fait postes : poste  article 1
fait habitants : hab  article 1
    population totale
fait aide : €  article 1
fait coût : €  article 1
    du service, lu en N
fait agents : ETP  article 1
    du service, pour chaque offre dans groupe, lu en N
registre visite "Visite"  article 1
    du membre
    faite_le : date, fait foi
    durée : jour
    genre : parmi courte ou longue
registre achat "Achat"  article 1
    du service
    payé_le : date, fait foi
    montant : €
    quantité : poste, par membre
ligne due "Due"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 1 €/poste × postes
"""
)
MEMBERS = ("membre;siren;rôle;rattachement", "Aubépine;;;", "Bruyère;;;")
FACTS = "membre;fait;valeur;unité;nature;date"
CHOICES = "membre;offre;du;au"
ISSUED = "membre;exercice;ligne;montant;source"
DECISIONS = "membre;exercice;ligne;montant;motif;autorité;acte"
DECIDED = "examen;conseil;délibération 1"


class TableFault(NamedTuple):
    """Tables with one fault: the code, the file and the cell at fault, what to do about it."""

    code: str
    file: str
    place: tuple[int, int]
    remedy: str
    tables: dict[str, tuple[str, ...]]


def alone(code, file, place, remedy, *rows, **more):
    """Make the fault of one table; `more` holds the tables that it needs besides the members."""
    return TableFault(code, file, place, remedy, {"membres": MEMBERS, **more, file: rows})


FAULTS = [
    alone("TAB-03", "choix", (2, 1), "Vérifiez les guillemets.", CHOICES, 'Aubépine;socle;01/01/2024;"' + "x" * 140_000),
    alone("TAB-04", "adhesions", (1, 1),
          "Tables possibles : membres, choix, faits, émis, décisions, registre.visite, registre.achat.", CHOICES),
    alone("TAB-04", "fait", (1, 1), "La plus proche : faits.", FACTS),
    alone("TAB-05", "choix", (1, 2), "La plus proche : offre.", "membre;ofre;du;offre", "Aubépine;;01/01/2024;socle"),
    alone("TAB-05", "choix", (1, 4), "Gardez-en une.", "membre;offre;du;du", "Aubépine;socle;01/01/2024;01/01/2024"),
    alone("TAB-05", "choix", (1, 4), "Nommez-la, ou retirez-la de toutes les lignes.",
          "membre;offre;du;", "Aubépine;socle;01/01/2024;"),
    alone("TAB-05", "choix", (1, 1),
          "Vérifiez les séparateurs : colonnes possibles : membre, offre, du, au, acte, décidée_le, exécutoire_le, "
          "signée_le, source, fictif, rapport_remis_le, effet_le, fin_le, demandée_le.",
          ";".join(f"c{i}" for i in range(2000))),
    alone("TAB-06", "choix", (1, 1), "Ajoutez-la à l’en-tête.", "membre;offre", "Aubépine;socle"),
    alone("TAB-07", "choix", (2, 5), "Raccourcissez.", CHOICES + ";acte", "Aubépine;socle;01/01/2024;;" + "x" * 4001),
    alone("TAB-08", "choix", (2, 4), "Vérifiez les séparateurs.", CHOICES, "Aubépine;socle;01/01/2024;;"),
    TableFault("TAB-08", "membres", (2, 4), "Vérifiez les séparateurs.",
               {"membres": (MEMBERS[0], "Aubépine;;;;encore"), "choix": (CHOICES, "Aubépine;socle;01/01/2024;")}),
    alone("TAB-08", "registre.visite", (2, 2), "Vérifiez les séparateurs.", "membre;faite_le", "Aubépine;01/02/2024;encore"),
    alone("TAB-08", "registre.achat", (2, 3), "Vérifiez les séparateurs.", "id;payé_le;montant", "1;01/02/2024;10;encore",
          **{"registre.achat.membres": ("id;membre;quantité", "1;Aubépine;1")}),
    alone("TAB-10", "choix", (2, 3), "Écrivez jj/mm/aaaa.", CHOICES, "Aubépine;socle;demain;"),
    alone("TAB-10", "choix", (2, 3), "Écrivez jj/mm/aaaa.", CHOICES, "Aubépine;socle;31/02/2024;"),
    alone("TAB-10", "choix", (2, 3), "Écrivez jj/mm/aaaa.", CHOICES, "Aubépine;socle;;"),
    alone("TAB-10", "choix", (2, 4), "Corrigez l’une des deux dates.", CHOICES, "Aubépine;socle;01/01/2024;31/12/2023"),
    TableFault("TAB-10", "membres", (2, 3), "Corrigez l’une des deux dates.",
               {"membres": ("membre;du;au", "Aubépine;01/01/2025;01/01/2024")}),
    alone("TAB-10", "faits", (2, 5), "Corrigez l’une des deux dates.",
          "membre;fait;valeur;date;jusqu_au", "Aubépine;postes;1;01/01/2024;01/01/2023"),
    alone("TAB-11", "faits", (2, 3), "Des chiffres de 0 à 9, une virgule, au plus 15 chiffres et 9 décimales.",
          FACTS, "Aubépine;postes;une dizaine;;;01/01/2024"),
    alone("TAB-12", "choix", (2, 1), "Le plus proche : Bruyère.", CHOICES, "Bruyèr;socle;01/01/2024;"),
    alone("TAB-12", "choix", (2, 1), "Écrivez son nom, son SIREN ou son code Insee.", CHOICES, ";socle;01/01/2024;"),
    TableFault("TAB-12", "membres", (2, 4), "Écrivez le nom d’un membre.", {"membres": (MEMBERS[0], "Aubépine;;;Ludres")}),
    alone("TAB-12", "registre.achat.membres", (2, 1), "Donnez l’identifiant d’une de ses lignes.",
          "id;membre;quantité", "7;Aubépine;1", **{"registre.achat": ("id;payé_le;montant", "1;01/02/2024;10")}),
    alone("TAB-13", "choix", (2, 2), "Le plus proche : socle.", CHOICES, "Aubépine;socl;01/01/2024;"),
    alone("TAB-13", "registre.visite", (2, 4), "On peut écrire : courte, longue.",
          "membre;faite_le;durée;genre", "Aubépine;01/02/2024;1;brève"),
    alone("TAB-13", "choix", (2, 5), "Écrivez oui ou non.", CHOICES + ";fictif", "Aubépine;socle;01/01/2024;;peut-être"),
    alone("TAB-13", "faits", (2, 5), "On peut écrire : totale, municipale, dgf, comptée à part, déclarée.",
          FACTS, "Aubépine;habitants;1;;total;01/01/2024"),
    alone("TAB-13", "décisions", (2, 3), "On peut écrire : due.", DECISIONS, f"Aubépine;2024;coupe;10;{DECIDED}"),
    alone("TAB-14", "émis", (2, 2), "Par exemple 2024.", "membre;exercice;ligne;montant", "Aubépine;2024-2025;due;10"),
    alone("TAB-15", "faits", (2, 3), "Arrondissez au centime.", FACTS, "Aubépine;aide;1,005;;;01/01/2024"),
    alone("TAB-15", "décisions", (2, 4), "Arrondissez au centime.", DECISIONS, f"Aubépine;2024;due;10,005;{DECIDED}"),
    alone("TAB-15", "émis", (2, 4), "Arrondissez au centime.",
          "membre;exercice;ligne;montant", "Aubépine;2024;due;10,005"),
    alone("TAB-15", "faits", (2, 3), "Corrigez la valeur.", FACTS, "Aubépine;postes;-1;;;01/01/2024"),
    alone("TAB-16", "faits", (2, 4), "Écrivez poste.", FACTS, "Aubépine;postes;1;€;;01/01/2024"),
    TableFault("TAB-17", "membres", (4, 1), "Une ligne par membre, un nom, un SIREN et un code chacun.",
               {"membres": (*MEMBERS, "AUBEPINE;;;")}),
    TableFault("TAB-18", "membres", (1, 1), "Un seul « gestionnaire » dans la colonne rôle.",
               {"membres": (MEMBERS[0], "Aubépine;;gestionnaire;", "Bruyère;;gestionnaire;")}),
    TableFault("TAB-19", "membres", (2, 2), "Vérifiez-le, ou laissez la case vide.",
               {"membres": (MEMBERS[0], "Aubépine;213500136;;")}),
    alone("TAB-20", "choix", (3, 3), "Fermez l’ancien choix la veille du nouveau.",
          CHOICES, "Aubépine;socle;01/01/2024;31/12/2024", "Aubépine;socle;31/12/2024;"),
    alone("TAB-21", "faits", (2, 1), "Laissez la case vide.", FACTS, "Aubépine;coût;1;;;2024"),
    alone("TAB-21", "faits", (2, 2), "Laissez la case vide.", "fait;offre;valeur;date", "coût;réseau;1;2024"),
    alone("TAB-21", "émis", (2, 4), "Laissez la case vide.",
          "membre;exercice;ligne;offre;montant", "Aubépine;2024;due;socle;10"),
    alone("TAB-22", "faits", (3, 6), "Gardez-en une.",
          FACTS, "Aubépine;postes;1;;;01/01/2024", "Aubépine;postes;2;;;01/01/2024"),
    alone("TAB-22", "faits", (3, 5), "Gardez-en une.", "membre;fait;valeur;nature;date",
          "Aubépine;postes;1;totale;01/01/2024", "Aubépine;postes;2;municipale;01/01/2024"),
    alone("TAB-22", "décisions", (3, 4), "Gardez-en une.",
          DECISIONS, f"Aubépine;2024;due;10;{DECIDED}", f"Aubépine;2024;due;20;{DECIDED}"),
    alone("TAB-22", "émis", (3, 4), "Gardez-en un ; deux versements égaux se distinguent par leur source.",
          ISSUED, "Aubépine;2024;due;10;titre 12", "Aubépine;2024;due;10;titre 12"),
    alone("TAB-22", "émis", (4, 4), "Gardez-en un ; deux versements égaux se distinguent par leur source.",
          ISSUED, "AUBEPINE;2024;due;1 000,50;", "Aubépine;2024;due;10;", "aubepine;2024;due;1000,5;"),
    alone("TAB-22", "registre.achat.membres", (3, 3), "Gardez-en une.",
          "id;membre;quantité", "1;Aubépine;1", "1;aubepine;2", **{"registre.achat": ("id;payé_le;montant", "1;01/02/2024;10")}),
    alone("TAB-22", "registre.visite", (3, 1), "Un identifiant par ligne.",
          "id;membre;faite_le", "1;Aubépine;01/02/2024", "1;Bruyère;01/02/2024"),
    alone("TAB-23", "décisions", (2, 7), "Complétez la case.", DECISIONS, "Aubépine;2024;due;10;examen;conseil;"),
    alone("TAB-23", "décisions", (2, 6), "Complétez la case.", DECISIONS, "Aubépine;2024;due;10;examen;;délibération 1"),
    alone("TAB-23", "décisions", (2, 5), "Complétez la case.", DECISIONS, "Aubépine;2024;due;10;;conseil;délibération 1"),
    alone("TAB-24", "choix", (2, 4), "Portez cette date sur la ligne de l’offre audit, et laissez la case vide.",
          "membre;offre;du;rapport_remis_le", "Aubépine;socle;01/01/2024;01/02/2024"),
    TableFault("TAB-25", "membres", (2, 4), "Nommez un autre membre, ou laissez la case vide.",
               {"membres": (MEMBERS[0], "Aubépine;;;Aubépine")}),
]  # fmt: skip
