"""What the gallery shows: the words and figures of the mocks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.utils.html import format_html

from communis.kit.parts import Cell, CellGroup, Fact, Line, Link, Note, Rail, RailGroup, RailItem, Tab, WordsTable

FICTITIOUS = "Maquette. Adhésions, populations et montants : données fictives de démonstration."
ARTICLE = "/convention/article-7-1/"


def euros(text: str) -> Decimal:
    return Decimal(text)


def rail_of_the_host(person: str, role: str) -> Rail:
    return Rail(
        name="REDON Agglomération",
        mark="RA",
        detail="Service commun SI et numérique",
        search="/recherche/",
        person=person,
        role=role,
        fictitious=FICTITIOUS,
        account=(Link("Mon compte", "/compte/"),),
        sign_out="/sortie/",
        groups=(
            RailGroup((RailItem("À décider", "/decider/", 6, "d"),)),
            RailGroup(
                (
                    RailItem("Convention", "/convention/", key="c"),
                    RailItem("Adhésions", "/adhesions/", 23, "a"),
                    RailItem("Catalogue", "/catalogue/"),
                ),
                "Adhérer",
            ),
            RailGroup(
                (
                    RailItem("Campagne 2025", "/campagne/"),
                    RailItem("Décomptes", "/decomptes/"),
                    RailItem("Titres de recettes", "/titres/"),
                    RailItem("Faits", "/faits/"),
                    RailItem("Simulations", "/simulations/"),
                ),
                "Calculer",
            ),
            RailGroup(
                (
                    RailItem("Tickets", "/tickets/", 9, "t"),
                    RailItem("Parc et contrats", "/parc/"),
                    RailItem("Projets", "/projets/"),
                    RailItem("Achats groupés", "/achats/"),
                ),
                "Servir",
            ),
            RailGroup((RailItem("Instances et actes", "/instances/"), RailItem("Bilan annuel", "/bilan/")), "Décider"),
        ),
    )


def rail_of_a_member(person: str, role: str, detail: str = "Membre du service commun de REDON Agglomération") -> Rail:
    return Rail(
        name="Sixt-sur-Aff",
        mark="SA",
        detail=detail,
        search="/recherche/",
        person=person,
        role=role,
        fictitious=FICTITIOUS,
        groups=(
            RailGroup((RailItem("Accueil", "/accueil/"),)),
            RailGroup((RailItem("Décomptes", "/decompte/"), RailItem("Prévision 2026", "/prevision/")), "Ce que nous payons"),
            RailGroup(
                (
                    RailItem("Tickets", "/tickets/", 3),
                    RailItem("Projets", "/projets/", 1),
                    RailItem("Parc et contrats", "/parc/"),
                    RailItem("Achats groupés", "/achats/"),
                ),
                "Ce que nous recevons",
            ),
            RailGroup(
                (
                    RailItem("Choix et échéances", "/choix/"),
                    RailItem("Actes et pièces", "/actes/"),
                    RailItem("Bilan annuel", "/bilan/"),
                ),
                "Notre adhésion",
            ),
        ),
    )


def processor(request: object) -> dict[str, object]:
    return {"rail": rail_of_the_host("Erwan Talhouarn", "Directeur des systèmes d’information")}


HABITANTS = Fact("habitants", 2355, "Population totale légale au 1er janvier 2025. Insee, saisie le 6 janvier 2025.", True)
CONTRIBUTION = Note(
    key="socle-2025",
    title="Pourquoi 5 532,50 €",
    article=Link("Article 7.1", ARTICLE),
    article_title="coût de fonctionnement du socle complet",
    words="La répartition de cette charge est calculée de la manière suivante :",
    table=WordsTable(
        ("Seuils d'habitants", "Part fixe", "Part variable"), (("de 1500 à moins de 3000", "2 000 €", "1,5 € par habitant"),), 0
    ),
    formula="part fixe + part variable × habitants",
    values="2 000,00 € + 1,50 € × 2 355 hab.",
    lines=(Line("part fixe", euros("2000")), Line("part variable × habitants", euros("3532.50"))),
    result=Line("contribution", euros("5532.50")),
    facts=(HABITANTS, Fact("choix", "socle complet", "Depuis le 1er janvier 2024, article 8 signé le 4 décembre 2023.")),
    interpretation="Le texte écrit « habitants administrés ». Le gestionnaire retient la population totale légale en vigueur "
    "au 1er janvier de l'exercice. Année entière, sans prorata. Aucun arrondi.",
    remark="La contestation reste jointe à la ligne avec sa réponse. En cas de différend : article 2.5.",
)
FORMER = Note(
    key="socle-2024",
    title="Pourquoi 5 511,50 €",
    article=Link("Article 7.1", ARTICLE),
    article_title="coût de fonctionnement du socle complet",
    formula="part fixe + part variable × habitants",
    values="2 000,00 € + 1,50 € × 2 341 hab.",
    lines=(Line("part fixe", euros("2000")), Line("part variable × habitants", euros("3511.50"))),
    result=Line("contribution", euros("5511.50")),
    facts=(Fact("habitants", 2341, "Population totale légale au 1er janvier 2024.", True),),
    roundings="Aucun arrondi : la part variable tombe juste.",
)
HALF_DAYS = Note(
    key="demi-journees",
    title="Pourquoi 600,00 €",
    article=Link("Article 7.1.1", ARTICLE),
    article_title="coût additionnel de niveau 1",
    formula="demi-journées × prix",
    values="3 × 200,00 €",
    lines=(Line("demi-journées au-delà des jours partagés", 3), Line("prix de la demi-journée", euros("200"))),
    result=Line("prestation", euros("600")),
)
VARIATION = Note(
    key="variation",
    heading="Causes",
    title="Béganne, + 515,00 €",
    article=Link("Article 7.1", ARTICLE),
    article_title="coût de fonctionnement du socle complet",
    table=WordsTable(
        ("Seuils d'habitants", "Part fixe"), (("de 1500 à moins de 3000", "2 000 €"), ("moins de 1500", "1 500 €")), 0
    ),
    lines=(
        Line("décompte 2024", euros("3739.50")),
        Line("change de tranche", "+\u00a0500,00\u00a0€", "de 1 493 à 1 503 habitants"),
        Line("population", "+\u00a015,00\u00a0€", "10 hab. × 1,50 €"),
    ),
    result=Line("contribution 2025", euros("4254.50")),
    facts=(Fact("habitants", "1 493, puis 1 503", "Population totale légale au 1er janvier 2024, puis 2025. Insee.", True),),
)
DELAY = Note(
    key="ticket-43",
    title="Pourquoi 14 h 15",
    article=Link("Annexe 2", "/convention/annexe-2/"),
    article_title="horaires d'ouverture",
    words="Plage horaire d’intervention lundi au jeudi : 8h-12h30 et 13h30-18h",
    lines=(
        Line("de 12 h 15 à 12 h 30", "15 min"),
        Line("fermé de 12 h 30 à 13 h 30", "0 min"),
        Line("de 13 h 30 à 14 h 15", "45 min"),
    ),
    result=Line("cible, priorité haute", "1 h 00"),
    remark="Cible fixée par le gestionnaire, la convention n'en donne pas.",
)
NOTES = {note.key: note for note in (CONTRIBUTION, FORMER, HALF_DAYS, VARIATION, DELAY)}

CAUSES = (
    Line("3 demi-journées au-delà des jours partagés", euros("600")),
    Line("3 licences achetées sur mandat", euros("360")),
    Line("14 habitants de plus", euros("21")),
)
TERRITORY = (
    CellGroup("socle complet", [Cell(f"Commune {n}", f"/adhesions/{n}/") for n in range(1, 13)], 1),
    CellGroup(
        "groupements d'achats, dont 1 en préavis",
        [*(Cell(f"Membre {n}") for n in range(1, 5)), Cell("Saint-Nicolas-de-Redon", "", "hatch")],
        3,
    ),
    CellGroup("audit", [Cell("Avessac"), Cell("Sainte-Marie")], 6),
    CellGroup(
        "en cours d'adhésion", [Cell(name, "", "dashed") for name in ("Saint-Just", "Conquereuil", "Saint-Vincent-sur-Oust")], 8
    ),
    CellGroup("non adhérentes", [Cell(f"Commune {n}", "", "outline") for n in range(23, 32)], 8),
)
VIEWS = (
    Tab("Adhésions et demandes", "/adhesions/", 23, True),
    Tab("Préavis sous 90 jours", "?vue=preavis", 3),
    Tab("Pièces manquantes", "?vue=pieces", 8),
    Tab("Version 2 non adoptée", "?vue=adoption", 1),
    Tab("Tout le territoire", "?vue=territoire", 32),
)


def member(
    pk: int, name: str, people: int | None, choice: str, state: str, renewal: date | None, notice: date | None, **more: str
) -> SimpleNamespace:
    return SimpleNamespace(
        pk=pk,
        rank=pk,
        name=name,
        people=people,
        choice=choice,
        state=state,
        version=more.get("version", "version 2"),
        renewal=renewal,
        notice=notice,
        within=format_html("<strong>{}</strong>", more["within"]) if "within" in more else "",
        kind=more.get("kind", ""),
        missing=more.get("missing", "Aucune"),
    )


COMPLETE, GROUPED = "Socle complet", "Groupements d’achats"
MEMBERS = (
    member(1, "Saint-Nicolas-de-Redon", 3311, GROUPED, "En préavis", None, None, missing="Compte de sortie"),
    member(2, "Bains-sur-Oust", 3535, COMPLETE, "Active", date(2026, 2, 1), date(2026, 1, 31), within="dans 16 jours"),
    member(
        3,
        "Allaire",
        3955,
        COMPLETE,
        "Active",
        date(2026, 3, 1),
        date(2026, 2, 28),
        within="dans 44 jours",
        missing="Lettre de mission",
    ),
    member(4, "Guémené-Penfao", 5243, GROUPED, "Active", date(2026, 4, 1), date(2026, 3, 31), within="dans 75 jours"),
    member(5, "Rieux", 2856, COMPLETE, "Active", date(2026, 6, 1), date(2026, 5, 31), missing="Interlocuteur technique"),
    member(6, "Fégréac", 2243, COMPLETE, "Active", date(2026, 7, 1), date(2026, 6, 30)),
    member(
        7,
        "Langon",
        1423,
        COMPLETE,
        "Active",
        date(2026, 9, 1),
        date(2026, 8, 31),
        version="version 1",
        missing="Adoption version 2",
    ),
    member(8, "Béganne", 1503, COMPLETE, "Active", date(2027, 1, 1), date(2026, 12, 31)),
    member(9, "Redon", 9542, GROUPED, "Active", date(2027, 1, 1), date(2026, 12, 31)),
    member(10, "Sixt-sur-Aff", 2355, COMPLETE, "Active", date(2027, 1, 1), date(2026, 12, 31)),
    member(
        11,
        "CCAS de Redon",
        None,
        GROUPED,
        "Active",
        date(2027, 1, 1),
        date(2026, 12, 31),
        kind="établissement associé",
        missing="Décision de prix",
    ),
    member(12, "Avessac", 2452, "Audit", "Active", None, None),
    member(13, "Saint-Just", 1107, COMPLETE, "Délibérée", None, None, missing="2 pièces"),
    member(14, "Conquereuil", 1061, COMPLETE, "Audit préalable", None, None, missing="3 pièces"),
    member(15, "Saint-Vincent-sur-Oust", 1679, "Audit", "Demande", None, None, missing="4 pièces"),
    *(member(n, f"Commune {n}", 400 + n, COMPLETE, "Active", date(2027, 1, 1), date(2026, 12, 31)) for n in range(16, 24)),
)
STATES = {
    "Active": "success",
    "En préavis": "warning",
    "Délibérée": "info",
    "Audit préalable": "info",
    "Demande": "neutral",
    "En cours": "info",
    "À prendre": "ink",
    "Prestataire local": "warning",
    "Projet": "~info",
}
TICKETS = (
    (
        "En retard",
        "11 h 00",
        "dépassé de 1 h 40",
        31,
        "Sauvegarde de nuit en échec depuis deux jours",
        "infrastructure, niveau 3",
        "Peillac",
        "Haute",
        "En cours",
    ),
    (
        "Aujourd’hui",
        "14 h 15",
        "reste 35 min",
        43,
        "Messagerie inaccessible à la mairie",
        "infrastructure, niveau 3",
        "Sixt-sur-Aff",
        "Haute",
        "À prendre",
    ),
    (
        "Aujourd’hui",
        "15 h 30",
        "reste 1 h 50",
        41,
        "Compte à créer pour la nouvelle agente d’accueil",
        "habilitations, niveau 2",
        "Allaire",
        "Normale",
        "À prendre",
    ),
    (
        "Aujourd’hui",
        "16 h 00",
        "reste 2 h 20",
        38,
        "Imprimante absente du réseau",
        "poste de travail, niveau 4",
        "Béganne",
        "Normale",
        "Prestataire local",
    ),
    (
        "Demain et après",
        "ven. 12 h 00",
        "reste 17 h 20",
        39,
        "Devis de tablettes pour le conseil municipal",
        "hors de ses choix",
        "Redon",
        "Basse",
        "À prendre",
    ),
)
