"""A small shared service as a folder of files: a convention, its members, what they hold and their populations."""

TEXT = """\
convention "Service commun d’exemple"
    gestionnaire "Communauté d’exemple"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par nom
    prorata aucun
    taxe hors taxe

article 5 "Contribution"
    « une part fixe et une part par habitant »
article 6 "Durée"
    « un an, renouvelable »

interprétation AMB-01 "Quelle population ?"                             article 5
    retenu totale       "population totale"
    possible municipale "population municipale"

adhésion "Durée"                                                        article 6
    durée 1 an, reconduction tacite de 1 an, au plus 3 ans en tout
    préavis de 3 mois à compter de la réception, sortie de date à date
    accord écrit des deux parties possible

fait habitants : hab "nombre d’habitants"                               article 5
    population selon AMB-01, lu au 1er janvier de N

offre socle "Socle"                                                     article 5
offre audit "Audit"                                                     article 5

paramètre part_variable "part variable"                                 article 5
    1,50 €/hab depuis le 01/01/2024 par "délibération 1"

barème par classe part_fixe selon habitants                             article 5
    moins de 1 500   : 500 €
    de 1 500 à 8 000 : 700 €
    plus de 8 000    : à décider « un examen des moyens »

ligne contribution "Contribution annuelle"                              article 5
    pour socle, chaque exercice, en fonctionnement
    facturée du 1er janvier au 31 mars de N+1
    = part_fixe + part_variable × habitants

ligne prix_audit "Audit préalable"                                      article 5
    pour audit, chaque exercice, en fonctionnement
    = 250 €

plafond écrêtement "Écrêtement"                                         article 5
    porte sur contribution, par membre
    au plus 3 000 €
    excédent supporté par le gestionnaire

indicateur total : € "Contributions de tous"                            article 5
    = somme de contribution sur les titulaires de socle

exemple "commune de 1 000 habitants"                                    article 5
    « 2 000 € pour 1 000 habitants »
    habitants = 1 000 hab, tient socle
    donne contribution = 2 000 €
"""
SOURCE = "Insee, populations légales"
TABLES = {
    "membres": (
        "membre;siren;insee;rôle",
        "Communauté d’exemple;;;gestionnaire",
        "Aubépine;213500135;35013;",
        "Bruyère;;35014;",
        "Capucine;;;",
    ),
    "choix": ("membre;offre;du;acte", "Aubépine;socle;01/01/2024;délibération 12", "Bruyère;socle;01/01/2024;"),
    "faits": (
        "membre;fait;valeur;nature;date;source",
        f"Aubépine;habitants;1 000;totale;01/01/2024;{SOURCE}",
        f"Aubépine;habitants;1 010;totale;01/01/2025;{SOURCE}",
        f"Bruyère;habitants;2 000;totale;01/01/2024;{SOURCE}",
        f"Capucine;habitants;400;totale;01/01/2024;{SOURCE}",
    ),
}


def edited(before, after, text=TEXT):
    """Return a text of which some words, there once, are changed."""
    assert text.count(before) == 1
    return text.replace(before, after)


def written(folder, text=TEXT, **tables):
    """Write the service in a folder, some of its tables changed or added (None leaves one out); return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "convention.tarif").write_text(text, "utf-8")
    for name, rows in {**TABLES, **tables}.items():
        if rows is not None:
            (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def with_rows(name, *rows):
    """Return one of the tables with rows more."""
    return {name: (*TABLES[name], *rows)}


def contents(folder):
    """Return every file under a folder with its bytes, to see that a run left them alone."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
