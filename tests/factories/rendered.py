"""A small shared service with a bit of everything that a statement may have to say, and a reader of the pages it gives."""

import zipfile
from html.parser import HTMLParser

from python_calamine import load_workbook

from communis.tariff.convention import read_text
from communis.tariff.result import compute
from communis.tariff.tables.reader import tables_of

TEXT = """
convention "Service commun d’essai"
    gestionnaire "Agglomération d’Essai"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par nom
    prorata aucun
    taxe hors taxe

article 1 "Objet"
article 2 "Contribution"
    « une part fixe et une part par habitant »
article 3 "Coût partagé"
article 4 "Plafond"
article 5 "Audit"
article 6 "Jours d’agents"

unité poste "poste de travail"

interprétation AMB-01 "« habitant » : quelle population ?"   article 2
    retenu totale "population totale légale"
    possible municipale "population municipale"

fait habitants : hab "nombre d’habitants"    article 2
    population selon AMB-01, lu au 1er janvier de N
fait postes : poste "postes de travail"    article 3
    lu au 1er janvier de N

registre formation "Formation"    article 3
    du membre
    faite_le : date, fait foi
    durée : jour "durée"
    prix : €/jour "prix du jour"

offre socle "Socle"    article 1
offre audit "Audit"    article 5
offre agents "Agents"    article 6

paramètre part_variable "part variable"    article 2
    1,50 €/hab depuis le 01/01/2024 par "délibération 2023-1"
paramètre coût_annuel : € "coût annuel du service"    article 3
    1 000 € depuis le 01/01/2024 par "budget primitif 2024"

barème par classe part_fixe selon habitants    article 2
    moins de 1 500 : 500 €
    de 1 500 à 8 000 : 700 €
    plus de 8 000 : à décider « un examen des moyens »

ligne contribution "Contribution annuelle"    article 2
    pour socle, chaque exercice, en fonctionnement
    nature "Contribution", imputation "62876"
    facturée du 1er janvier au 31 mars de N+1
    = part_fixe + part_variable × habitants

ligne coût_partagé "Coût partagé"    article 3
    pour socle, chaque exercice, en fonctionnement
    nature "Coûts partagés"
    = part de coût_annuel selon postes entre les titulaires de socle

ligne prix_audit "Audit préalable"    article 5
    pour audit, chaque exercice, en investissement
    taxe de 20 % sur le total
    = 250 €

ligne formations "Formations"    article 3
    pour socle, pour chaque formation, en fonctionnement
    nature "Coûts partagés"
    facturée à la date de formation.faite_le
    = formation.durée × formation.prix

ligne jours_dus : jour "Jours d’agents"    article 6
    pour agents, chaque exercice, en nature
    = 24 jours

plafond limite "Écrêtement"    article 4
    porte sur contribution, par membre
    au plus 2 000 €
    excédent supporté par le gestionnaire
"""
CONVENTION = read_text(TEXT)
MEMBERS = [
    {"membre": "Agglomération d’Essai", "rôle": "gestionnaire"},
    {"membre": "Aubépine", "siren": "213500135", "type": "commune"},
    {"membre": "Bruyère", "type": "commune"},
    {"membre": "Capucine"},
    {"membre": "Digitale"},
    {"membre": "<script>alert(1)</script>"},
    {"membre": "=1+1"},
]
CHOICES = [
    {"membre": "Aubépine", "offre": "socle", "du": "01/01/2024", "acte": "délibération 12"},
    {"membre": "Bruyère", "offre": "socle", "du": "15/04/2024"},
    {"membre": "Capucine", "offre": "agents", "du": "01/01/2024"},
    {"membre": "<script>alert(1)</script>", "offre": "audit", "du": "01/01/2024"},
    {"membre": "=1+1", "offre": "socle", "du": "01/01/2024", "acte": "=cmd()"},
]
POPULATIONS = [("Aubépine", "1 234", ""), ("Bruyère", "100", "oui"), ("=1+1", "4 321", "")]
POPULATION = {"fait": "habitants", "nature": "totale", "date": "01/01/2024", "source": "@Insee"}
FACTS = [{"membre": who, "valeur": count, "fictif": made_up, **POPULATION} for who, count, made_up in POPULATIONS]
WORKSTATIONS = [
    {"membre": who, "fait": "postes", "valeur": count, "date": "01/01/2024", "source": "inventaire", "fictif": ""}
    for who, count in (("Aubépine", "3"), ("Bruyère", "4"), ("=1+1", "5"))
]
TRAININGS = [
    {"id": "F1", "membre": "Aubépine", "faite_le": "12/03/2024", "durée": "2", "prix": "100"},
    {"id": "F2", "membre": "Aubépine", "faite_le": "15/05/2024", "durée": "1,5", "prix": "100"},
]
NAMES = [member["membre"] for member in MEMBERS[1:]]


def computed(**over):
    tables = {"membres": MEMBERS, "choix": CHOICES, "faits": FACTS + WORKSTATIONS, "registre.formation": TRAININGS, **over}
    return compute(CONVENTION, tables_of(CONVENTION.model, tables), 2024)


def place(name):
    return NAMES.index(name) + 1


class Page(HTMLParser):
    """A page as a reader meets it: its elements with their attributes and their text."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        one = {"tag": tag, "text": "", **dict(attributes)}
        self.found.append(one)
        if tag not in ("meta", "br"):
            self.open.append(one)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for one in self.open:
            one["text"] += data

    def all(self, *tags, **attributes):
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [one for one in self.found if one["tag"] in tags and wanted.items() <= one.items()]

    def text(self, *tags, **attributes):
        return [" ".join(one["text"].replace("\xa0", " ").split()) for one in self.all(*tags, **attributes)]


def page(folder, name):
    return Page((folder / f"{name}.html").read_text("utf-8"))


def cells(path, sheet):
    return load_workbook(str(path)).get_sheet_by_name(sheet).to_python()


def every_text(path):
    """Return all that a file says, as one text."""
    if path.suffix == ".html":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())
