"""The catalogue of Redon on its pages: the list, the tree, an entry, the rules of choice, rows kept by plain forms, the copy."""

import io
import re

import pypdf
import pytest

from communis.catalog.loading import load_edition
from communis.catalog.models import Edition, EditionHours, Entry, Prerequisite, Tool
from factories.catalogue import entry, loaded
from factories.world import count_queries, first_pool

pytestmark = pytest.mark.django_db


def test_a_catalogue_is_loaded_once_and_what_was_changed_in_it_stays():
    edition = loaded("redon")
    with first_pool():
        Entry.objects.unscoped().filter(edition=edition, code="N2 P-1").update(description="Changée")
        assert load_edition("redon", "Catalogue") == edition
        assert (Edition.objects.unscoped().count(), Entry.objects.unscoped().count()) == (1, 64)
        assert EditionHours.objects.unscoped().count() == 10
        assert Entry.objects.unscoped().get(code="N2 P-1").description == "Changée"
        other = load_edition("nimes_metropole", "Autre")
        tools = [(str(t), str(t.replaced_by or "")) for t in Tool.objects.unscoped().filter(entry__edition=other).order_by("id")]
    assert tools == [("GeoAgglo", "MyCarto"), ("MyCarto", ""), ("Alfresco", "Office 365"), ("Office 365", "")]


@pytest.mark.covers("CAT-01")
def test_the_tree_is_read_in_its_order_searched_filtered_and_exported(world):
    edition = loaded("redon")
    page = world.get("/catalogues/")
    assert page.table("Les catalogues") == [["Catalogue", "64", "montré aux membres"]]
    rows = world.get(f"/catalogues/{edition.pk}/").table("Les fiches du catalogue")
    named = [row[0] for row in rows if len(row) == 6]
    assert named[:4] == [
        "Socle complet", "Prestations ponctuelles d’ingénierie Socle complet",
        "Audit, inventaire, diagnostic Prestations ponctuelles d’ingénierie",
        "Étude de besoins, assistance à maîtrise d’ouvrage Prestations ponctuelles d’ingénierie",
    ]  # fmt: skip
    assert len(named) == 64
    found = world.get(f"/catalogues/{edition.pk}/?q=audit")
    assert [row[0] for row in found.table("Les fiches du catalogue") if len(row) == 6] == [
        "Socle complet", "Audit, inventaire, diagnostic Prestations ponctuelles d’ingénierie", "Audit Socle annexe",
    ]  # fmt: skip
    kept = world.get(f"/catalogues/{edition.pk}/?family=development").table("Les fiches du catalogue")
    assert [row[1] for row in kept if len(row) == 6] == [f"N2 D-{rank}" for rank in range(1, 8)]
    coming = world.get(f"/catalogues/{edition.pk}/?state=announced").table("Les fiches du catalogue")
    assert [row[0] for row in coming if len(row) == 6] == ["Autres services communautaires Groupements d’achats"]
    exported = world.client.get(f"/catalogues/{edition.pk}/?kind=tier&export=csv")
    lines = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Intitulé;Numéro;Genre;Famille;Article;Se choisit"
    assert [line.split(";")[1] for line in lines[1:]] == ["Niveau 1", "Niveau 2", "Niveau 3", "Niveau 4", "Niveau 1", "Niveau 2"]


def test_no_cell_of_the_tree_is_empty_and_families_have_a_column_where_there_are_some(world):
    redon, sicoval = loaded("redon"), loaded("sicoval", "Un autre")
    rows = [row for row in world.get(f"/catalogues/{redon.pk}/").table("Les fiches du catalogue") if len(row) == 6]
    assert [row for row in rows if "" in row] == []
    assert rows[1] == [
        "Prestations ponctuelles d’ingénierie Socle complet", "Niveau 1", "niveau", "sans objet", "article 3.2", "non",
    ]  # fmt: skip
    exported = world.client.get(f"/catalogues/{sicoval.pk}/?export=csv")
    lines = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Intitulé;Numéro;Genre;Article;Se choisit"


@pytest.mark.covers("CAT-26", "CAT-29", "CAT-09")
def test_an_entry_says_what_is_rendered_and_what_remains_to_be_paid(world):
    edition = loaded("redon")
    page = world.get(entry(edition, code="Niveau 4", offer="").get_absolute_url())
    assert page.title == "Niveau 4 Socle technique de proximité"
    told = dict(page.terms("Ce qui est rendu"))
    assert told["Reste à la charge du membre"] == (
        "Les matériels et licences du poste de travail ; les interventions du prestataire local."
    )
    assert told["Ce que le membre y gagne"] == "L’emploi local préservé ; un infogéreur proche, donc réactif."
    assert told["Qui l’assure"].startswith(
        "un prestataire local choisi par le membre, la DSI mutualisée : Le prestataire local agit"
    )
    assert "Sites couverts mairie ou siège, école publique, médiathèque" in page.margin
    assert "Vendredi 8 h 00 à 12 h 30, 13 h 30 à 17 h 00" in page.margin
    page = world.get(entry(edition, code="N2 MCO-1").get_absolute_url())
    assert dict(page.terms("Ce qui est rendu"))["Qui l’assure"] == (
        "la DSI mutualisée, l’éditeur (support de niveau 3) : Le niveau 3 est délégué à l’éditeur quand l’application n’est pas "
        "développée en interne."
    )
    assert "Famille MCO/MCS" in page.margin
    world.sign_in("office")
    page = world.get(entry(edition, offer="socle_complet").get_absolute_url())
    assert page.links["Ce que les offres coûtent à Sixt-sur-Aff"] == f"/organisations/{world['sixt'].pk}/offres/"
    assert "Modifier la fiche" not in page.links


@pytest.mark.covers("CAT-03")
def test_a_level_of_the_complete_package_is_not_chosen_alone_and_the_article_says_why(world):
    edition = loaded("redon")
    one, two = entry(edition, code="Niveau 2", offer=""), entry(edition, offer="socle_complet")
    refused = (
        "« Niveau 2 Socle logiciel centralisé par la DSI » ne se choisit pas seul : il fait partie de « Socle complet », qui se "
        "prend en entier (articles 3 et 3.1 : « un pack/socle indivisible de quatre niveaux de services » « ne peuvent pas faire "
        "l’objet d’une contribution financière à la carte » « Lors de la réception d’une demande d’adhésion au socle complet de "
        "prestations » « la DSI réalise un audit technique préalable »). Choisissez « Socle complet »."
    )
    page = world.get(f"/catalogues/{edition.pk}/choix/?choix={one.pk}")
    assert page.notices == [f"Refusé. {refused}"]
    assert refused in world.get(one.get_absolute_url()).text
    page = world.get(f"/catalogues/{edition.pk}/choix/?choix={two.pk}")
    assert page.notices == ["Possible. Ce choix est conforme à la convention. Il donne : Socle complet."]


@pytest.mark.covers("CAT-02", "CAT-04", "CAT-05")
def test_the_two_levels_of_the_annex_are_taken_apart_or_together_and_never_with_the_complete_package(world):
    edition = loaded("redon")
    audit, buying, annex, whole = (
        entry(edition, offer=offer) for offer in ("audit", "groupements", "annexe_complète", "socle_complet")
    )

    def told(*entries):
        return world.get(f"/catalogues/{edition.pk}/choix/?" + "&".join(f"choix={one.pk}" for one in entries)).notices

    assert told(audit) == ["Possible. Ce choix est conforme à la convention. Il donne : Audit."]
    assert told(buying) == ["Possible. Ce choix est conforme à la convention. Il donne : Groupements d’achats."]
    assert told(audit, buying) == ["Possible. Ce choix est conforme à la convention. Il donne : Audit, Groupements d’achats."]
    assert told(annex) == [
        "Possible. Ce choix est conforme à la convention. Il donne : Socle annexe complet, Audit, Groupements d’achats."
    ]
    assert told(whole, annex) == [
        "Refusé. « Socle complet » exclut « Socle annexe complet », tenu en même temps (articles 3 et 3.1)."
    ]
    page = world.get(f"/catalogues/{edition.pk}/choix/")
    assert page.terms("Socle annexe complet")[0] == ("Comprend", "Audit, Groupements d’achats")
    assert page.terms("Audit")[0] == ("Dans", "Socle annexe")
    assert ("Exclut", "Socle annexe complet") in page.terms("Socle complet")


def test_the_history_of_an_entry_names_its_offer_as_the_convention_does(world):
    made = entry(loaded("redon"), offer="groupements")
    (created,) = world.history(f"/historique/fiches-du-catalogue/{made.pk}/")
    assert [told for told in created if told.startswith("Offre")] == [
        "Offre de la convention | sans objet | Groupements d’achats"
    ]


@pytest.mark.covers("CAT-23")
def test_what_is_announced_is_seen_and_not_ordered(world):
    edition = loaded("redon")
    coming = entry(edition, is_announced=True)
    page = world.get(coming.get_absolute_url())
    assert "Cette fiche est annoncée : elle se voit, mais ne se choisit pas encore." in page.text
    page = world.get(f"/catalogues/{edition.pk}/choix/?choix={coming.pk}")
    assert page.notices == ["Refusé. « Autres services communautaires » est annoncé : il n’est pas encore proposé."]


@pytest.mark.covers("CAT-17", "CAT-18")
def test_a_service_says_what_is_rendered_without_the_network_its_own_conditions_and_what_it_is_counted_in(world):
    nimes, sidec = loaded("nimes_metropole", "Nîmes"), loaded("sidec", "SIDEC")

    def told(edition, **wanted):
        return dict(world.get(entry(edition, **wanted).get_absolute_url()).terms("Ce qui est rendu"))

    assert told(nimes, code="point 2")["Service dégradé"] == (
        "À fournir : les prestations rendues sans le réseau Gecko sont dans l’annexe de l’avenant n° 6, brique 1, point 2."
    )
    assert told(nimes, label="Téléphonie mobile")["Conditions d’accès"] == (
        "Accès soumis à ses propres conditions, précisées par l’avenant n° 6. À fournir : leur texte."
    )
    counted = [told(sidec, offer=offer)["Se compte en"] for offer in ("formation", "animation")]
    assert counted == ["sessions, participants", "rencontres, participants"]


@pytest.mark.covers("CAT-32")
def test_each_service_of_data_and_maps_has_its_own_counters(world):
    nimes, sidec = loaded("nimes_metropole", "Nîmes"), loaded("sidec", "SIDEC")
    wanted = ("geojura", "données_propres", "plans_existants", "couches_métiers", "logiciel_sig")
    pages = [world.get(entry(sidec, offer=offer).get_absolute_url()) for offer in wanted]
    assert [(page.title, dict(page.terms("Ce qui est rendu"))["Se compte en"]) for page in pages] == [
        ("GEOJURA", "consultations, plans tracés, couches intégrées"),
        ("Recensement des données propres à la collectivité", "jeux de données"),
        ("Analyse des plans existants", "plans analysés"),
        ("Gestion des données liées aux couches métiers", "couches"),
        ("Mise à jour logiciel annexe au SIG de la collectivité", "mises à jour"),
    ]
    page = world.get(entry(nimes, code="point 4").get_absolute_url())
    assert dict(page.terms("Ce qui est rendu"))["Se compte en"] == "consultations, couches"
    assert page.terms("Outils") == [
        ("GeoAgglo", "Jusqu’au 3 avril 2022, remplacé par MyCarto"), ("MyCarto", "Depuis le 4 avril 2022"),
    ]  # fmt: skip


def test_entries_tools_prerequisites_and_hours_are_kept_by_plain_forms(world):
    edition = loaded("redon", shown=False)
    level = entry(edition, code="Niveau 3", offer="")
    page = world.fill(f"/fiches/fiches-du-catalogue/ajouter/{edition.pk}/", parent=str(level.pk), kind="mission", label="Coffre",
                      code="N3 P-12", family="steering", deliverables=["report", "dashboards"], rank="60")  # fmt: skip
    assert page.messages == ["Fait. Une fiche est ajoutée."]
    made = entry(edition, label="Coffre")
    assert (made.parent_id, made.deliverables, made.search_text) == (level.pk, ["report", "dashboards"], "n3 p 12 coffre")
    assert world.fill(f"/fiches/outils/ajouter/{made.pk}/", name="Ancien").messages == ["Fait. Un outil est ajouté."]
    world.fill(f"/fiches/outils/ajouter/{made.pk}/", name="Nouveau", starts_on="01/01/2026")
    with first_pool():
        old, new = Tool.objects.unscoped().order_by("id")
    world.fill(f"/fiches/outils/{old.pk}/modifier/", ends_on="31/12/2025", replaced_by=str(new.pk))
    world.fill(f"/fiches/prerequis/ajouter/{made.pk}/", key="debit", wording="10 Mbit/s", measure="speed", minimum="")
    page = world.fill(f"/fiches/prerequis/ajouter/{made.pk}/", key="debit", wording="10 Mbit/s", measure="speed", minimum="10")
    assert page.terms("Outils") == [
        ("Ancien", "Jusqu’au 31 décembre 2025, remplacé par Nouveau"), ("Nouveau", "Depuis le 1er janvier 2026"),
    ]  # fmt: skip
    assert page.terms("Prérequis") == [
        ("Prérequis", "10 Mbit/s Non rempli, il bloque l’activation ; mesure : débit du site, en Mbit/s, au moins 10 Mbit/s.")
    ]
    with first_pool():
        assert Prerequisite.objects.unscoped().filter(entry=made).count() == 1  # a speed without a minimum was refused
    page = world.fill(f"/fiches/horaires-du-catalogue/ajouter/{edition.pk}/", weekday="6", opens_at="9h", closes_at="12 h 00")
    assert page.terms("Horaires")[-1] == ("Samedi", "9 h 00 à 12 h 00")
    world.fill(f"/fiches/fiches-du-catalogue/{made.pk}/modifier/", label="Coffre-fort")
    assert world.history(f"/historique/fiches-du-catalogue/{made.pk}/")[0][:2] == ["Modifié", "par Erwan Talhouarn"]
    assert "Historique" in world.get(made.get_absolute_url()).links


def test_an_entry_is_not_put_under_itself_nor_in_another_catalogue(world):
    edition, other = loaded("redon", shown=False), loaded("sidec", "SIDEC", shown=False)
    whole, level = entry(edition, offer="socle_complet"), entry(edition, code="Niveau 2", offer="")
    path = f"/fiches/fiches-du-catalogue/{whole.pk}/modifier/"
    page = world.post(path, **{**world.get(path).fields, "parent": str(level.pk)})
    assert page.errors == ["Sous : Une fiche ne se range pas sous elle-même, ni sous ce qu’elle contient."]
    page = world.post(path, **{**world.get(path).fields, "parent": str(entry(other, code="AOM").pk)})
    assert page.status == 422
    page = world.fill(f"/fiches/fiches-du-catalogue/ajouter/{edition.pk}/", kind="package", label="Doublon", offer="audit")
    assert page.errors == ["Cette offre a déjà sa fiche."]


@pytest.mark.covers("CAT-34")
def test_what_members_read_is_not_edited_any_more_and_a_new_edition_is_prepared(world):
    shown = loaded("redon", "Voté")
    inside = entry(shown, offer="audit")
    with first_pool():
        hours = EditionHours.objects.unscoped().filter(edition=shown).first()
    why = (
        "Refusé. « Voté » est montré aux membres : il ne change plus. Préparez une nouvelle édition, modifiez-la, puis "
        "rattachez-la au projet de version qui la fera adopter."
    )
    for path in (
        f"/fiches/catalogues/{shown.pk}/modifier/", f"/fiches/fiches-du-catalogue/ajouter/{shown.pk}/",
        f"/fiches/fiches-du-catalogue/{inside.pk}/modifier/", f"/fiches/fiches-du-catalogue/{inside.pk}/retirer/",
        f"/fiches/outils/ajouter/{inside.pk}/", f"/fiches/prerequis/ajouter/{inside.pk}/",
        f"/fiches/horaires-du-catalogue/{hours.pk}/retirer/", f"/catalogues/fiches/{inside.pk}/fermer/",
    ):  # fmt: skip
        assert world.post(path, label="Autre", name="Autre").messages == [why], path
    assert entry(shown, offer="audit").label == inside.label
    page = world.get(shown.get_absolute_url())
    assert ("Ajouter une fiche" in page.links, "Modifier" in page.links) == (False, False)
    page = world.fill(page.links["Préparer une nouvelle édition"], name="Prochain")
    assert page.messages == ["Fait. La nouvelle édition est prête : modifiez-la, les membres ne la voient pas encore."]
    with first_pool():
        new = Edition.objects.unscoped().get(name="Prochain")
    world.fill(f"/fiches/fiches-du-catalogue/{entry(new, offer='audit').pk}/modifier/", label="Audit complet")
    assert [entry(one, offer="audit").label for one in (new, shown)] == ["Audit complet", inside.label]


def test_members_read_what_is_shown_and_keep_nothing(world):
    draft, shown = loaded("redon", "Projet", shown=False), loaded("sidec", "Voté")
    inside, mine = entry(draft, offer="audit"), entry(shown, code="AOM")
    for role in ("office", "elected"):
        world.sign_in(role)
        assert [row[0] for row in world.get("/catalogues/").table("Les catalogues")] == ["Voté"]
        hidden = (f"/catalogues/{draft.pk}/", inside.get_absolute_url(), f"/catalogues/{draft.pk}/imprimer/",
                  f"/catalogues/{draft.pk}/choix/", f"/catalogues/{shown.pk}/copier/",
                  f"/fiches/fiches-du-catalogue/{mine.pk}/modifier/", f"/fiches/outils/ajouter/{mine.pk}/")  # fmt: skip
        assert [world.get(path).status for path in hidden] == [404] * 7
        assert world.get(mine.get_absolute_url()).title == "AOM Assistance Outils Métiers"
    world.sign_in("technician")
    assert [world.get(path).status for path in (f"/catalogues/{draft.pk}/", f"/catalogues/{draft.pk}/copier/")] == [200, 404]


def test_a_copy_holds_all_that_the_catalogue_holds_and_is_not_shown(world):
    edition = loaded("nimes_metropole", "Avenant n° 6")
    page = world.fill(f"/catalogues/{edition.pk}/copier/", name="Avenant n° 6")
    assert page.errors == ["Un catalogue s’appelle déjà « Avenant n° 6 » : donnez un autre nom à la copie."]
    page = world.fill(f"/catalogues/{edition.pk}/copier/", name="Avenant n° 7")
    assert page.title == "Avenant n° 7"
    with first_pool():
        copy = Edition.objects.unscoped().get(name="Avenant n° 7")
        held = [Entry.objects.unscoped().filter(edition=one).count() for one in (edition, copy)]
        wanted = [Prerequisite.objects.unscoped().filter(entry__edition=one).count() for one in (edition, copy)]
        tools = Tool.objects.unscoped().filter(entry__edition=copy, replaced_by__isnull=False)
        replaced = {(str(one), str(one.replaced_by), one.replaced_by.entry.edition_id == copy.pk) for one in tools}
    assert (copy.is_shown, held, wanted) == (False, [15, 15], [10, 10])
    assert replaced == {("GeoAgglo", "MyCarto", True), ("Alfresco", "Office 365", True)}
    assert (
        "Les deux catalogues disent la même chose." in world.get(f"/catalogues/comparer/?avant={edition.pk}&apres={copy.pk}").text
    )


@pytest.mark.covers("CAT-30")
def test_two_catalogues_are_compared_field_by_field_and_printed_as_the_expose_of_an_avenant(world):
    before, after = loaded("nimes_metropole/avenant_5", "Avenant n° 5"), loaded("nimes_metropole", "Avenant n° 6")
    page = world.get(f"/catalogues/comparer/?avant={before.pk}&apres={after.pk}")
    told = [h.text for h in page.main.all("h3")]
    assert told == [
        "Modification : catalogue « Avenant n° 6 ».",
        "Modification : prestation « point 4 Assistance avec le système d’information géographique » (Conseil et Assistance).",
        "Modification : brique « 1 Accès internet THD et outils collaboratifs ».",
        "Création : prestation « point 2 Service sur une commune sans réseau Gecko » (Accès internet THD et outils "
        "collaboratifs).",
        "Modification : prestation « point 3 Outils collaboratifs » (Accès internet THD et outils collaboratifs).",
        "Modification : brique « Hébergement clouds et réseaux ».",
        "Modification : brique « 3 Vidéoprotection ».",
        "Création : brique « 3BIS Vidéo Surveillance Intelligente ».",
        "Modification : brique « 5 Bureautique ».",
        "Modification : brique « Écoles numériques ».",
        "Modification : brique « 7 Télécoms ».",
        "Modification : prestation « Téléphonie mobile » (Télécoms).",
        "Suppression : brique « 9 SI Urbanisme », dernier jour le 3 avril 2022 ; ses coûts vont à « ADS ».",
        "Création : brique « ADS ».",
    ]  # fmt: skip
    assert page.table("point 4 Assistance avec le système d’information géographique : ce qui change") == [
        ["Outils", "GeoAgglo", "GeoAgglo (remplacé par MyCarto), MyCarto"]
    ]
    assert page.table("9 SI Urbanisme : ce qui change")[1:] == [
        ["Proposée jusqu’au", "rien", "3 avril 2022"], ["Ses coûts vont à", "rien", "ADS"],
    ]  # fmt: skip
    created = page.table("3BIS Vidéo Surveillance Intelligente : ce qui change")  # who votes on a new brick reads what it is
    assert created[:2] == [
        ["Description", "rien", "Mouvements de foule, objets encombrants, régulation du trafic."],
        ["Périmètre", "rien", "Communes équipées de la vidéoprotection."],
    ]
    assert created[-1][0] == "Prérequis"
    address = f"/catalogues/comparer/?avant={before.pk}&apres={after.pk}"
    lines = b"".join(world.client.get(f"{address}&export=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Changement;Genre;Fiche;Sous;Champ;Avant;Après"
    printed = pypdf.PdfReader(io.BytesIO(world.client.get(f"{address}&export=pdf").content))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in printed.pages))
    gone = "Suppression : brique « 9 SI Urbanisme », dernier jour le 3 avril 2022 ; ses coûts vont à « ADS »."
    assert f"Ce qui disparaît {gone}" in text
    assert (printed.metadata.title, printed.root_object["/Lang"]) == ("Exposé des modifications du catalogue", "fr")
    assert world.get("/catalogues/comparer/?avant=0&apres=0").status == 422


def tags_of(element):
    """Yield the types of the elements of a tag tree."""
    found = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(found, list):
        for one in found:
            yield from tags_of(one)
    elif isinstance(found, dict):
        if "/S" in found:
            yield found["/S"]
        if "/K" in found:
            yield from tags_of(found["/K"])


def test_a_catalogue_is_printed_with_its_headings_its_language_and_its_title(world):
    edition = loaded("redon", "Version 2")
    world.sign_in("office")
    printed = pypdf.PdfReader(io.BytesIO(world.client.get(f"/catalogues/{edition.pk}/imprimer/").content))
    text = " ".join(page.extract_text() for page in printed.pages)
    assert (printed.metadata.title, printed.root_object["/Lang"]) == ("Catalogue\N{NO-BREAK SPACE}: Version 2", "fr")
    assert [text.count(words) for words in ("N3 MCO-8", "Reste à la charge du membre", "Horaires")] == [1, 7, 1]
    tags = list(tags_of(printed.root_object["/StructTreeRoot"]["/K"]))
    assert (tags.count("/H1"), tags.count("/H2"), tags.count("/H3")) == (3, 6, 56)
    assert b"pdfuaid" in printed.root_object["/Metadata"].get_data()


def test_the_pages_of_catalogues_ask_for_as_many_queries_whatever_they_hold(world):
    with first_pool():
        small = Edition(name="Petit", is_shown=True)
        small.save()
        Entry(edition=small, kind="service", label="Seule").save()
    one = [count_queries(world, path) for path in ("/catalogues/", f"/catalogues/{small.pk}/", f"/catalogues/{small.pk}/choix/")]
    big = loaded("redon", "Grand")
    loaded("sidec", "Autre")
    many = [count_queries(world, path) for path in ("/catalogues/", f"/catalogues/{big.pk}/", f"/catalogues/{big.pk}/choix/")]
    assert (many, max(many) <= 8) == (one, True)
    fiche = [count_queries(world, entry(big, **wanted).get_absolute_url()) for wanted in ({"offer": "audit"}, {"code": "N2 P-1"})]
    assert (fiche[0] == fiche[1], fiche[0] <= 11) == (True, True)
