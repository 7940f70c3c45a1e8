"""The pages of conventions: read, written, amended and adopted as people do it."""

from datetime import date

import pytest

from communis.agreements.models import Adoption, Article, PriceAct, SharedGood, StaffFile, Version
from communis.agreements.operations.amendments import amend
from communis.agreements.operations.versions import approve, begin_agreement, submit
from communis.agreements.reading import tariff_of
from communis.catalog.conventions import convention_in_force
from communis.catalog.models import Entry
from factories.accounts import grant
from factories.catalogue import loaded
from factories.versions import act, in_force, joined
from factories.world import first_pool

pytestmark = pytest.mark.django_db


def last_version():
    with first_pool():
        return Version.objects.unscoped().select_related("agreement").order_by("-pk").first()


def article_rows(page):
    return [e.all("h3")[0].text for e in page.main.all("article")]


@pytest.mark.covers("MEM-01", "MEM-02", "MEM-03", "MEM-04")
def test_a_director_begins_submits_and_approves_a_convention_and_members_then_read_it(world):
    form = world.get("/conventions/commencer/")
    slug = form.choice("slug", "REDON Agglomération, Service commun des systèmes d’information")
    page = world.fill("/conventions/commencer/", slug=slug, name="Service commun", short_name="commun", label="2", author="DSI",
                      grounds=["L5211-4-2"])  # fmt: skip
    assert page.title == "commun, version 2"
    version = last_version()
    assert version.agreement.grounds == ["L5211-4-2"]
    assert article_rows(page)[:2] == ["Historique du document", "1 Objet"]
    rules = next(e for e in page.main.all("article") if e.all("h3")[0].text.startswith("7.1 Coût"))
    assert "Socle complet, contribution annuelle" in rules.text
    found = world.get(version.get_absolute_url(), q="117 jours")
    assert len(article_rows(found)) == 2
    world.sign_in("office")
    assert world.get(version.get_absolute_url()).status == 404
    world.sign_in("director")
    world.post(f"{version.get_absolute_url()}soumettre/", sens="soumettre")
    with first_pool():
        vote = act(world["host"], date(2022, 3, 28), number="CC_2022_56")
        act(world["host"], date(2022, 3, 29), number="CC_2022_57", state="draft")
    form = world.get(f"{version.get_absolute_url()}etat/")
    assert form.choices("act") == ["à choisir", "délibération n° CC_2022_56 du 28/03/2022 : Convention"]
    page = world.fill(f"{version.get_absolute_url()}etat/", act=str(vote.pk), starts_on="01/09/2022")
    assert (page.title, page.sentence) == (
        "commun, version 2", "En vigueur depuis le 1er septembre 2022, par délibération n° CC_2022_56 du 28/03/2022.",
    )  # fmt: skip
    again = world.post(f"{version.get_absolute_url()}etat/", act=str(vote.pk), starts_on="01/09/2022")
    assert (again.title, again.messages) == (
        "commun, version 2",
        ["Attention. « commun, version 2 » est déjà approuvée, en vigueur depuis le 1er septembre 2022 : rien n’a été fait de "
         "plus."],
    )  # fmt: skip
    world.sign_in("office")
    page = world.get(version.get_absolute_url())
    assert (page.status, "Ajouter un article" in page.links, "Voir qui l’a adoptée" in page.links) == (200, False, False)
    page = world.get("/conventions/")
    assert page.table("Les conventions") == [["Service commun", "sans objet", "2", "1er sept. 2022", "0"]]
    page = world.get(version.agreement.get_absolute_url())
    assert page.table("Versions de la convention")[0][:4] == ["2", "DSI", "1er sept. 2022", "approuvé"]
    assert "Dossier juridique" not in page.main.text


def test_articles_are_written_moved_and_removed_on_a_draft_only(world):
    world.fill("/conventions/commencer/", slug="", name="Essai", short_name="essai", label="1")
    version = last_version()
    path = version.get_absolute_url()
    world.fill(f"{path}articles/ajouter/", number="4.2.7.1", title="Retrait", depth="1", text="Un texte.")
    world.fill(f"{path}articles/ajouter/", number="4.2.7.1", title="Résiliation", depth="1")
    page = world.get(path)
    assert article_rows(page) == ["4.2.7.1 Retrait", "4.2.7.1 Résiliation"]
    with first_pool():
        second = Article.objects.unscoped().get(title="Résiliation")
    world.post(f"/conventions/articles/{second.pk}/deplacer/", sens="haut")
    world.fill(f"/conventions/articles/{second.pk}/modifier/", text="Douze mois.")
    assert article_rows(world.get(path)) == ["4.2.7.1 Résiliation", "4.2.7.1 Retrait"]
    assert "Douze mois." in world.get(path).main.text
    assert world.fill(f"{path}articles/ajouter/", number="", title="", text="").errors == [
        "Un article a au moins un numéro, un titre ou un texte."
    ]
    world.post(f"/conventions/articles/{second.pk}/retirer/")
    assert article_rows(world.get(path)) == ["4.2.7.1 Retrait"]
    world.post(f"{path}soumettre/", sens="soumettre")
    with first_pool():
        left = Article.objects.unscoped().get(version=version)
    assert [world.get(p).status for p in (f"{path}articles/ajouter/", f"/conventions/articles/{left.pk}/modifier/")] == [404, 404]


def test_a_tariff_is_kept_only_when_it_reads_and_its_problems_are_told_line_by_line(world):
    with first_pool():
        version = begin_agreement("redon")
    path = f"{version.get_absolute_url()}tarif/"
    page = world.fill(path, text=version.tariff.replace("paramètre part_variable", "paramettre part_variable"))
    assert (page.status, "Rien n’est enregistré" in page.main.text, "paramettre" in page.main.text) == (422, True, True)
    world.fill(path, text=version.tariff.replace("1,50 €/hab", "1,60 €/hab"))
    assert "1,60 €/hab" in last_version().tariff


def test_a_tariff_written_by_two_at_once_is_not_overwritten_unknowingly(world):
    with first_pool():
        version = begin_agreement("redon")
    path = f"{version.get_absolute_url()}tarif/"
    seen = world.get(path).fields["seen"]
    world.post(path, text=version.tariff.replace("1,50 €/hab", "1,60 €/hab"), seen=seen)
    mine = version.tariff.replace("1,50 €/hab", "1,70 €/hab")
    page = world.post(path, text=mine, seen=seen)
    assert page.errors == [
        "Erwan Talhouarn a enregistré un autre tarif pendant que vous écriviez le vôtre. Rien n’est enregistré : vos lignes "
        "restent ci-dessous. Comparez-les avec le tarif enregistré, puis enregistrez de nouveau pour le remplacer."
    ]
    assert ("1,60 €/hab" in last_version().tariff, "1,70 €/hab" in page.fields["text"]) == (True, True)
    world.post(path, text=mine, seen=page.fields["seen"])  # said knowingly
    assert "1,70 €/hab" in last_version().tariff


@pytest.mark.covers("MEM-11", "MEM-12", "MEM-36")
def test_a_director_prepares_an_amendment_and_a_clerk_records_the_adoption_in_one_screen(world):
    with first_pool():
        version = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun")
        member = joined(world["sixt"], version, date(2024, 1, 1))
        joined(world["allaire"], version, date(2024, 1, 1))
    page = world.fill(f"{version.get_absolute_url()}avenant/", number="1", subject="Durée")
    assert (page.title, page.sentence) == ("Avenant n° 1", "Durée")
    made = last_version()
    with first_pool():
        article = Article.objects.unscoped().get(version=made, number="2.2")
        amendment = made.amendment
    world.fill(f"/fiches/changements-d-avenant/ajouter/{amendment.pk}/", kind="clause", article="2.2", wording="Trois ans.")
    world.fill(f"/conventions/articles/{article.pk}/modifier/", text="« consentie pour une durée de trois ans »")
    page = world.get(amendment.get_absolute_url())
    assert page.table("Changements de l’avenant")[0][:3] == ["Clause modifiée", "2.2", "Trois ans."]
    assert "L’article 2.2 « Durée et modalités de modification de la convention » est modifié." in page.main.text
    assert "trois ans" in " ".join(e.text for e in page.main.all("ins"))
    with first_pool():
        submit(made)
        approve(made, act=act(world["host"], date(2025, 3, 1)), starts_on=date(2025, 4, 1))
        vote = act(world["sixt"], date(2025, 5, 5), number="12")
    tracker = f"{made.get_absolute_url()}adoptions/"
    assert [row[:3] for row in world.get(tracker).table("Qui a adopté cette version")] == [
        ["Allaire", "2", "pas encore"], ["Sixt-sur-Aff", "2", "pas encore"],
    ]  # fmt: skip
    with first_pool():
        amend(made, number="2", subject="Prix")
        act(world["sixt"], date(2025, 6, 5), number="13", state="rejected")
    world.sign_in("office")
    path = f"/adhesions/{member.pk}/adopter/"
    form = world.get(path)
    assert form.choices("version") == ["à choisir", "commun, version avenant n° 1"]
    assert form.choices("decided_by") == ["aucun", "délibération n° 12 du 05/05/2025 : Convention"]
    assert world.fill(path, version=str(made.pk), on="05/05/2025").errors == [
        "Donnez l’acte du membre qui adopte cette version, ou celui qui l’autorisait d’avance : l’un des deux."
    ]
    typed = {**world.get(path).fields, "version": str(made.pk), "on": "05/05/2025", "decided_by": str(vote.pk)}
    page = world.post(path, **typed)
    assert page.title == "commun, version avenant n° 1"
    assert world.post(path, **typed).errors == [  # sent again from a page shown before
        "Sixt-sur-Aff a déjà adopté « commun, version avenant n° 1 » le 05/05/2025."
    ]
    assert world.get(tracker).status == 404
    world.sign_in("director")
    assert [row[:4] for row in world.get(tracker).table("Qui a adopté cette version")] == [
        ["Allaire", "2", "pas encore", "sans objet"], ["Sixt-sur-Aff", "avenant n° 1", "5 mai 2025", "enregistré"],
    ]  # fmt: skip
    assert [row[0] for row in world.get(tracker, adopted="no").table("Qui a adopté cette version")] == ["Allaire"]
    with first_pool():
        assert Adoption.objects.unscoped().get(version=made).decided_by == vote
    world.sign_in("elected")
    assert world.get(path).status == 404


@pytest.mark.covers("MEM-13")
def test_the_last_price_that_an_act_set_is_corrected_or_removed_and_its_history_stays(world):
    with first_pool():
        agreement = in_force("sidec", world["host"], date(2023, 11, 25), short_name="DITIC").agreement
    where = f"{agreement.get_absolute_url()}prix/"
    price = world.get(where).choice("parameter", "coût unitaire des missions particulières")
    typed = {"parameter": price, "reference": "délibération n° 2301"}
    world.fill(where, **typed, value="250", starts_on="01/07/2024")
    world.fill(where, **typed, value="0", starts_on="01/07/2025")
    with first_pool():
        first, last = PriceAct.objects.unscoped().order_by("starts_on")
    page = world.fill(f"/fiches/prix-par-acte/{first.pk}/modifier/", value="260")
    assert page.errors == [
        "Le prix fixé au 01/07/2024 ne peut pas se corriger : un autre le suit, au 01/07/2025. Corrigez ou retirez d’abord "
        "celui-là."
    ]
    page = world.fill(f"/fiches/prix-par-acte/{last.pk}/modifier/", value="275,50", starts_on="01/01/2025")
    assert [row[1:3] for row in page.table("Prix fixés par acte, sans avenant")] == [
        ["275,50 €", "1er janv. 2025"], ["250,00 €", "1er juill. 2024"],
    ]  # fmt: skip
    with first_pool():
        assert "275,5 €/UO depuis le 01/01/2025" in tariff_of(last_version())
    page = world.fill(f"/fiches/prix-par-acte/{last.pk}/modifier/", starts_on="01/07/2022")
    assert page.status == 422
    page = world.post(f"/fiches/prix-par-acte/{last.pk}/retirer/")
    assert [row[1] for row in page.table("Prix fixés par acte, sans avenant")] == ["250,00 €"]
    assert world.fill(where, **typed, value="280", starts_on="01/09/2024").status == 200


def test_a_convention_without_a_price_that_an_act_may_set_says_so_and_shows_no_form(world):
    with first_pool():
        agreement = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun").agreement
    page = world.get(f"{agreement.get_absolute_url()}prix/")
    assert page.main.text.count("n’a pas de prix qu’un acte puisse changer sans avenant : préparez un avenant.") == 1
    assert page.fields == {}


def test_two_versions_are_compared_article_by_article_and_rule_by_rule(world):
    with first_pool():
        version = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun")
        made = amend(version, number="1", subject="Prix").makes
        made.tariff = made.tariff.replace("1,50 €/hab", "1,60 €/hab")
        made.save()
        Article.objects.unscoped().filter(version=made, number="2.4").delete()
    page = world.get(f"{made.get_absolute_url()}comparer/")
    assert page.sentence == "De la version 2 à la version avenant n° 1."
    assert "2.4 Modalités de résiliation supprimé" in page.main.text
    changed = page.table("Règles du tarif qui changent")
    assert any("1,50 €/hab" in row[1] and "1,60 €/hab" in row[2] and row[3] == "nécessaire" for row in changed)


@pytest.mark.covers("MEM-13", "MEM-39", "MEM-44", "MEM-46", "SEC-10")
def test_the_page_of_a_convention_tells_prices_reviews_goods_legal_file_and_data_clause(world):
    with first_pool():
        version = in_force("sidec", world["host"], date(2023, 11, 25), short_name="DITIC", grounds=["L5721-9"])
        version.data_role, version.data_clause, version.data_measures = "processor", "Le SIDEC traite.", "Chiffrement."
        version.save()
        agreement = version.agreement
    path = agreement.get_absolute_url()
    form = world.get(f"{path}prix/")
    price = form.choice("parameter", "coût unitaire des missions particulières")
    page = world.fill(f"{path}prix/", parameter=price, value="250", starts_on="01/07/2024", reference="délibération n° 2301")
    assert page.table("Prix fixés par acte, sans avenant") == [
        ["coût unitaire", "250,00 €", "1er juill. 2024", "délibération n° 2301 Modifier Retirer"]
    ]
    world.fill(f"/fiches/conventions/{agreement.pk}/modifier/", trial_starts_on="01/07/2024", trial_ends_on="30/06/2027",
               review_months="6")  # fmt: skip
    page = world.post(f"{path}bilans/")
    assert page.messages == ["Fait. 5 bilans sont prévus."]
    good = {"users": "tous", "conditions": "à l’heure", "cost_rule": "à parts égales"}
    world.fill(f"/fiches/biens-partages/ajouter/{agreement.pk}/", name="Serveur", **good)
    world.fill(f"/fiches/pieces-juridiques/ajouter/{agreement.pk}/", kind="no_staff", on="01/11/2023")
    page = world.get(path)
    checks = page.table("Ce que les fondements légaux demandent")
    assert [checks[0][0], checks[0][1], checks[0][3]] == ["Annexe relative aux biens", "manque", "L. 5211-4-3 du CGCT"]
    assert (checks[1][0], checks[1][1]) == ("Clause de traitement des données personnelles", "là")
    assert checks[2][3] == "L. 3131-1 et L. 5721-4 du CGCT"  # the host is a syndicate
    assert page.terms("Biens partagés")[0][0] == "Serveur"
    assert [day for day, _ in page.terms("Bilans d’étape")][:2] == ["1er janv. 2025", "1er juill. 2025"]
    assert "Le SIDEC traite." in page.main.text
    assert "Le gestionnaire est sous-traitant du membre, version modèle adopté" in page.main.text
    with first_pool():
        assert (PriceAct.objects.unscoped().count(), SharedGood.objects.unscoped().count()) == (1, 1)
    world.sign_in("office")
    page = world.get(path)
    assert ("Chiffrement." in page.main.text, "Dossier juridique" in page.main.text) == (True, False)


@pytest.mark.covers("SEC-10", "MEM-11")
def test_the_data_clause_is_written_on_a_draft_goes_with_its_version_and_is_read_on_the_membership(world):
    with first_pool():
        version = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun")
        member = joined(world["sixt"], version, date(2024, 1, 1))
        amendment = amend(version, number="1", subject="Données personnelles")
    made = amendment.makes
    page = world.get(made.get_absolute_url())
    form = page.links["Écrire la clause"]
    assert form == f"/fiches/versions-de-convention/{made.pk}/modifier/#id_data_role"
    world.fill(form.partition("#")[0], data_role="processor", data_clause="Le service traite sur instruction.",
               data_measures="Chiffrement.")  # fmt: skip
    page = world.get(made.get_absolute_url())
    assert "Modifier la clause" in page.links
    assert page.section("Données personnelles").text == (
        "Données personnelles Modifier la clause Le gestionnaire est sous-traitant du membre. Le service traite sur instruction. "
        "Annexe : mesures de sécurité Chiffrement."
    )
    told = [
        "Le rôle du gestionnaire pour les données personnelles est ajouté.", "La clause de traitement des données est ajoutée.",
        "L’annexe des mesures de sécurité est ajoutée.",
    ]  # fmt: skip
    page = world.get(amendment.get_absolute_url())
    assert [row.text for row in page.section("Ce qui diffère de commun, version 2").all("li")] == told
    assert [row[2] for row in page.table("Changements de l’avenant")] == told
    assert page.table("Changements de l’avenant")[1] == [
        "Clause modifiée", "Clause de traitement des données", told[1], "trouvé en comparant"
    ]  # fmt: skip
    world.fill(f"/fiches/changements-d-avenant/ajouter/{amendment.pk}/", kind="clause", article="Annexe des mesures de sécurité",
               wording="Les échanges sont chiffrés.")  # fmt: skip
    page = world.get(amendment.get_absolute_url())  # an article that somebody typed is not told twice
    assert [row[2] for row in page.table("Changements de l’avenant")] == ["Les échanges sont chiffrés.", *told[:2]]
    world.post(f"{made.get_absolute_url()}soumettre/", sens="soumettre")  # an avenant that changes this alone changes something
    with first_pool():
        approve(made, act=act(world["host"], date(2025, 3, 1)), starts_on=date(2025, 4, 1), knowingly=True)
        vote = act(world["sixt"], date(2025, 5, 5), number="12")
    world.sign_in("office")
    path = f"/adhesions/{member.pk}/"
    before = world.get(path)
    assert before.terms("Traitement des données personnelles") == []
    world.fill(f"{path}adopter/", version=str(made.pk), on="05/05/2025", decided_by=str(vote.pk))
    page = world.get(path)
    assert page.terms("Traitement des données personnelles") == [(
        "Le gestionnaire est sous-traitant du membre",
        "version avenant n° 1 de la convention : le rôle de chacun, la clause et l’annexe des mesures de sécurité Lire",
    )]  # fmt: skip
    link = next(a.attrs["href"] for a in page.section("Traitement des données personnelles").all("a"))
    assert link == f"{made.get_absolute_url()}#donnees"
    assert "Chiffrement." in world.get(link.partition("#")[0]).main.text
    world.sign_in("director")
    assert world.get(f"/fiches/versions-de-convention/{made.pk}/modifier/").status == 404  # the next avenant changes it


def test_what_a_tariff_cites_beside_the_articles_is_never_shown_as_a_number(world):
    with first_pool():
        version = in_force("nimes_metropole", world["host"], date(2022, 4, 4), short_name="DN")
        amendment = amend(version, number="7", subject="Clé")
        Article.objects.unscoped().filter(version=amendment.makes, number="clé").update(text="Une autre clé.")
    assert article_rows(world.get(version.get_absolute_url()))[-2:] == ["Vote de la convention cadre", "Clé unique"]
    page = world.get(amendment.get_absolute_url())
    assert "L’article « Clé unique » est modifié." in [row.text for row in page.main.all("li")]
    assert [row.text for row in page.section("Texte consolidé").all("h3")][-1] == "Clé unique"


@pytest.mark.covers("SEC-04", "MEM-27", "MEM-28")
def test_staff_files_are_read_by_the_direction_and_by_the_agent_s_own_employer(world):
    with first_pool():
        agreement = in_force("redon", world["host"], date(2022, 9, 1)).agreement
    path = "/fiches/dossiers-d-agents/ajouter/"
    form = world.get(path)
    town = form.choice("organization", "Sixt-sur-Aff")
    typed = {"agent": "Ada Riou", "organization": town, "agreement": str(agreement.pk), "status": "tenured", "share": "50",
             "functions": "support", "starts_on": "01/01/2024", "effect_pay": "aucun"}  # fmt: skip
    page = world.fill(path, **typed, move="transfer")
    assert page.errors == ["Seul un agent dont toutes les fonctions y sont est transféré."]
    page = world.fill(path, **{**typed, "share": "150"}, move="lent")
    assert (page.status, page.errors) == (422, ["La part des fonctions va de 0,01 à 100 %."])
    world.fill(path, **typed, move="lent")
    with first_pool():
        file = StaffFile.objects.unscoped().get()
    world.fill(f"/fiches/avis-d-instances/ajouter/{file.pk}/", committee="cst", on="15/11/2023", opinion="favourable")
    page = world.get(file.get_absolute_url())
    assert page.terms("Avis des instances")[0][0] == "Comité social territorial"
    assert ("Sur la rémunération", "aucun") in page.terms("Fiche d’impact")
    assert ("Sur l’organisation", "à décrire") in page.terms("Fiche d’impact")
    grant(world.accounts["technician"], "contact", organization=world["sixt"])
    grant(world.accounts["elected"], "office", organization=world["allaire"])  # of another employer
    seen = {}
    for who in ("director", "auditor", "office", "technician", "elected"):
        world.sign_in(who)
        seen[who] = (world.get("/agents/").status, world.get(file.get_absolute_url()).status)
    assert seen == {"director": (200, 200), "auditor": (200, 200), "office": (200, 200), "technician": (404, 404),
                    "elected": (200, 404)}  # fmt: skip
    assert "Ada Riou" not in world.get("/agents/").text


def test_the_pool_computes_on_the_version_that_its_council_approved(world):
    with first_pool():
        version = begin_agreement("redon")
        version.tariff = version.tariff.replace(
            'convention "Service commun des systèmes d’information"', 'convention "Notre service commun"'
        )
        version.save()
        day = date(2026, 1, 1)
        assert convention_in_force(day).title == "Service commun des systèmes d’information"
        submit(version)
        approve(version, act=act(world["host"], date(2025, 12, 1)), starts_on=day)
        assert convention_in_force(date(2025, 12, 31)).title == "Service commun des systèmes d’information"
        assert convention_in_force(day).title == "Notre service commun"
    assert "Notre service commun" in world.get(f"/organisations/{world['sixt'].pk}/offres/").margin


@pytest.mark.covers("CAT-30", "MEM-11")
def test_a_renumbered_article_is_told_by_both_numbers_and_the_tariff_that_still_cites_the_former_too(world):
    with first_pool():
        version = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun")
        avenant = amend(version, number="1", subject="Offre cyber")
        made = avenant.makes
        made.tariff += '\noffre cyber "Offre cyber" article 7.1\n'
        made.save()
        article = Article.objects.unscoped().get(version=made, number="7.1")
    assert not any(told.startswith("Renvois.") for told in world.get(made.get_absolute_url()).notices)
    world.fill(f"/conventions/articles/{article.pk}/modifier/", number="7.9")
    page = world.get(made.get_absolute_url())
    lost = next(told for told in page.notices if told.startswith("Renvois."))
    assert lost == (
        "Renvois. Sont nommés, et cette version ne les a plus : article 7.1. Corriger les renvois du tarif, ou le numéro des "
        "articles ; sinon l’approbation le demandera."
    )
    assert "Offre cyber" in dict(page.terms("Avant l’approbation"))["Article 7.1"]
    assert "Rien ne s’oppose" not in page.text
    page = world.get(avenant.get_absolute_url())
    told = [row.text for row in page.main.all("li")]
    title = article.title
    assert f"L’article « 7.1 {title} » devient « 7.9 {title} », sans changer de texte." in told
    assert "« Offre cyber » est ajouté au tarif." in told
    assert not any("version" in one for one in told if one.startswith("« "))


@pytest.mark.covers("MEM-03", "TAR-02")
def test_a_version_whose_references_are_lost_is_approved_by_who_says_to_know_it(world):
    edition = loaded("redon", "Catalogue")
    with first_pool():
        version = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun")
        made = amend(version, number="1", subject="Renumérotation").makes
        made.edition = edition
        made.save()
        Article.objects.unscoped().filter(version=made, number="7.2.2").update(number="7.2.9")
        Entry.objects.unscoped().filter(edition=edition, offer="audit").update(offer="audit_de_2020")
        number = act(world["host"], date(2026, 3, 2), number="7").pk
    where = f"{made.get_absolute_url()}etat/"
    assert world.get(where).notices == [
        "Renvois. Sont nommés, et cette version ne les a plus : article 7.2.2, par part variable des groupements d’achats ; part "
        "fixe groupements ; Groupements d’achats, contribution annuelle ; Solution du marché groupé offre « audit de 2020 », par "
        "Niveau 1 Audit"
    ]
    page = world.fill(where, act=number, starts_on="01/04/2026")
    assert page.errors == [
        "« commun, version avenant n° 1 » n’a plus : article 7.2.2 (par part variable des groupements d’achats), offre « audit "
        "de 2020 » (par Niveau 1 Audit). Corrigez les renvois, ou les articles. Cochez « je sais » si le texte voté les laisse "
        "ainsi."
    ]
    with first_pool():
        assert Version.objects.unscoped().get(pk=made.pk).status == "draft"
    assert world.fill(where, act=number, starts_on="01/04/2026", knowingly="on").messages == ["Fait. La version est approuvée."]


@pytest.mark.covers("CAT-30")
def test_the_comparison_of_two_versions_tells_their_catalogues_and_so_does_the_expose_of_the_avenant(world):
    before = loaded("nimes_metropole/avenant_5", "Avenant n° 5")
    after = loaded("nimes_metropole", "Avenant n° 6", shown=False)
    with first_pool():
        old = in_force("nimes_metropole", world["host"], date(2020, 12, 14), edition=before)
        avenant = amend(old, number="6", subject="Catalogue")
        Version.objects.unscoped().filter(pk=avenant.makes_id).update(edition=after)
        named = str(old).replace("\N{NO-BREAK SPACE}", " ")
    ended = "Suppression : brique « 9 SI Urbanisme », dernier jour le 3 avril 2022 ; ses coûts vont à « ADS »."
    page = world.get(avenant.get_absolute_url())
    told = [row.text for row in page.section(f"Ce qui diffère de {named}").all("li")]
    assert f"Catalogue. {ended}" in told
    page = world.get(f"{avenant.makes.get_absolute_url()}comparer/")
    assert any(row.text.startswith(ended) for row in page.main.all("li"))
    assert page.links["Comparer les deux catalogues champ par champ, ou imprimer l’exposé"] == (
        f"/catalogues/comparer/?avant={before.pk}&apres={after.pk}"
    )
    with first_pool():
        submit(Version.objects.unscoped().get(pk=avenant.makes_id))
    world.sign_in("office")
    page = world.get(f"{avenant.makes.get_absolute_url()}comparer/")
    assert (page.status, "Urbanisme" in page.text) == (200, False)  # the catalogue is not shown to members yet
