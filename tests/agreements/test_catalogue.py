"""The catalogue of Nîmes for its members: the edition each reads, what a brick wants, who is touched when one closes."""

import re
from datetime import date, timedelta

import pytest

from communis.agreements.editions import edition_of, holders_of
from communis.agreements.models import Adoption, ChoiceForm, Membership, Version
from communis.catalog import operations
from communis.catalog.conventions import opened
from communis.catalog.models import Entry, Prerequisite, PrerequisiteCheck
from communis.catalog.prerequisites import unmet_of
from communis.directory.models import Site
from communis.foundation import embedded
from communis.foundation.testing import as_role
from communis.kit.refusals import Refusal
from communis.tariff.convention import shipped
from factories.catalogue import agreement, entry, loaded, member, version
from factories.pools import FIRST
from factories.versions import act
from factories.world import count_queries, first_pool, govern

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nimes")]

TODAY = date(2024, 5, 4)


@pytest.fixture(scope="module")
def nimes(land, django_db_blocker):
    """The convention of Nîmes rules the first pool."""
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        govern(FIRST, "nimes_metropole")
    yield
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        govern(FIRST, "redon")


@pytest.fixture
def lives(world):
    """Two versions with their catalogues: Sixt-sur-Aff adopted avenant n° 5, Allaire avenant n° 6."""
    former, current = loaded("nimes_metropole/avenant_5", "Avenant n° 5"), loaded("nimes_metropole", "Avenant n° 6")
    with first_pool():
        of = agreement()
        five = version(of, "avenant n° 5", former, date(2020, 12, 14), ends_on=date(2022, 4, 3))
        six = version(of, "avenant n° 6", current)
        member(of, world["sixt"], "internet", "urbanisme", adopts=five)
        member(of, world["allaire"], "vidéoprotection", adopts=six)
    return {"former": former, "current": current, "of": of}


def spaced(words):
    """Return what is said with plain spaces."""
    return re.sub(r"\s", " ", str(words))


def site(world, name, title, kind="town_hall", **fields):
    with first_pool():
        Site(organization=world[name], kind=kind, name=title, **fields).save()


@pytest.mark.covers("CAT-34")
def test_each_member_reads_the_catalogue_of_the_version_it_adopted(world, lives):
    world.sign_in("office")
    page = world.get("/mon-catalogue/")
    assert (page.title, page.sentence) == (
        "Le catalogue de Sixt-sur-Aff",
        "Celui de la version adoptée par Sixt-sur-Aff : service commun, version avenant n° 5.",
    )
    named = [row[0] for row in page.table("Les fiches du catalogue") if len(row) == 5]
    assert ("SI Urbanisme" in named, "Vidéo Surveillance Intelligente" in named, len(named)) == (True, False, 12)
    assert page.links["Imprimer (PDF)"] == f"/catalogues/{lives['former'].pk}/imprimer/"
    world.sign_in("elected")
    page = world.get("/mon-catalogue/?q=video")
    assert page.sentence == "Celui de la version adoptée par Allaire : service commun, version avenant n° 6."
    assert [row[0] for row in page.table("Les fiches du catalogue") if len(row) == 5] == [
        "Vidéoprotection", "Vidéo Surveillance Intelligente",
    ]  # fmt: skip
    world.sign_in("director")
    assert world.client.get("/mon-catalogue/").headers["Location"] == "/catalogues/"
    with first_pool():
        assert edition_of(world["redon"], TODAY) == lives["current"]  # it adopted none: what is proposed
        assert edition_of(world["redon"], date(2020, 1, 1)) is None  # nothing was in force
        operations.Edition.objects.unscoped().update(is_shown=False)
    world.sign_in("office")
    assert "Le service n’a pas encore publié de catalogue" in world.get("/mon-catalogue/").text


@pytest.mark.covers("CAT-14", "T-28")
def test_a_brick_that_rests_on_another_is_refused_without_it(world, lives):
    base, smart = (entry(lives["current"], offer=offer) for offer in ("vidéoprotection", "vidéo_intelligente"))
    path = f"/catalogues/{lives['current'].pk}/choix/"
    assert world.get(f"{path}?choix={smart.pk}").notices == [
        "Refusé. « 3BIS. Vidéo Surveillance Intelligente » exige « 3. Vidéoprotection », qui n’est pas tenu (passage avenant.6)."
    ]
    page = world.get(f"{path}?choix={smart.pk}&choix={base.pk}")
    assert page.notices == [
        "Possible. Ce choix est conforme à la convention. Il donne : 3. Vidéoprotection, Conseil et Assistance (brique socle), "
        "3BIS. Vidéo Surveillance Intelligente."
    ]
    assert ("Exige", "3. Vidéoprotection") in world.get(smart.get_absolute_url()).terms("Ce qui se choisit")


@pytest.mark.covers("CAT-34")
def test_the_rules_told_beside_a_catalogue_are_those_of_the_version_that_its_reader_adopted(world, lives):
    with first_pool():
        five, six = Version.objects.unscoped().order_by("pk")
        text = (shipped("nimes_metropole") / "convention.tarif").read_text("utf-8")
        six.tariff, five.tariff = text, text.replace("3BIS. Vidéo Surveillance Intelligente", "3BIS d’alors")
        six.save()
        five.save()
    former, current = (f"/catalogues/{lives[name].pk}/choix/" for name in ("former", "current"))
    told = {who: [t.text for t in world.sign_in(who).get(path).main.all("h2")] for who, path in (
        ("office", former), ("elected", current), ("director", former),
    )}  # fmt: skip
    assert {who: ("3BIS d’alors" in words, "3BIS. Vidéo Surveillance Intelligente" in words) for who, words in told.items()} == {
        "office": (True, False), "elected": (False, True), "director": (True, False),
    }  # fmt: skip


# ------------------------------------------------------------ prerequisites


@pytest.mark.covers("CAT-15", "T-28")
def test_an_unmet_prerequisite_blocks_or_warns_until_it_is_met_or_waived(world, lives):
    with first_pool():
        Prerequisite.objects.unscoped().filter(entry__offer="bureautique").update(effect="warns")
        found = {offer: [(one.key, one.blocks) for one in unmet_of(offer, world["allaire"], lives["current"], TODAY)]
                 for offer in ("conseil", "vidéo_intelligente", "bureautique", "internet")}  # fmt: skip
    assert found == {
        "conseil": [], "vidéo_intelligente": [("prerequis-de-la-brique", True)],
        "bureautique": [("prerequis-de-la-brique", False)],
        "internet": [("prerequis-de-la-brique", True), ("qualite-de-fibre", True)],
    }  # fmt: skip
    path = f"/organisations/{world['allaire'].pk}/prerequis/"
    page = world.get(path)
    assert page.sentence == "10 prérequis à constater à Allaire, d’après « Avenant n° 6 »."
    row = next(one for one in page.table("Prérequis des offres") if one[0] == "3BIS Vidéo Surveillance Intelligente")
    assert row[2:4] == ["à constater Personne ne l’a encore constaté", "Bloque l’activation"]
    page = world.get(f"{path}constater/")
    wanting = "Prérequis de la brique vidéo intelligente. À fournir : leur texte est dans l’annexe de l’avenant n° 6."
    wanted = page.choice("prerequisite", f"3BIS Vidéo Surveillance Intelligente : {wanting}")
    page = world.fill(f"{path}constater/", prerequisite=wanted, outcome="unmet", on="01/05/2024", evidence="visite")
    assert "Non rempli, constaté le 1er mai 2024 : visite" in page.text
    with first_pool():
        check = PrerequisiteCheck.objects.unscoped().get()
    told = world.get(f"/historique/constats-de-prerequis/{check.pk}/").main.text
    assert (check.offer, check.offer in told, "Offre sans objet 3BIS. Vidéo Surveillance Intelligente" in told) == (
        "vidéo_intelligente", False, True,
    )  # fmt: skip
    with first_pool():
        (one,) = unmet_of("vidéo_intelligente", world["allaire"], lives["current"], TODAY)
        assert spaced(one) == (
            f"« 3BIS Vidéo Surveillance Intelligente » : {wanting} (avenant n° 6) Non rempli, "
            "constaté le 1er mai 2024 : visite. Ce prérequis bloque l’activation."
        )
    world.fill(f"{path}constater/", prerequisite=wanted, outcome="waived", on="02/05/2024", evidence="décision de la direction")
    with first_pool():
        assert unmet_of("vidéo_intelligente", world["allaire"], lives["current"], TODAY) == []
        assert len(unmet_of("vidéo_intelligente", world["allaire"], lives["current"], date(2024, 5, 1))) == 1
        assert len(unmet_of("vidéo_intelligente", world["redon"], lives["current"], TODAY)) == 1
        assert [one.entered_by for one in PrerequisiteCheck.objects.unscoped()] == ["Erwan Talhouarn"] * 2
    assert [words for _, words in world.get(path).terms("Constats enregistrés")] == [
        f"3BIS Vidéo Surveillance Intelligente, {outcome} {wanting} {evidence}, saisi par Erwan Talhouarn"
        for outcome, evidence in (("dispensé", "décision de la direction"), ("non rempli", "visite"))
    ]


@pytest.mark.covers("CAT-15")
def test_a_prerequisite_is_asked_once_of_who_chooses_and_a_waiver_settles_it(world, lives):
    with first_pool():
        text = (shipped("nimes_metropole") / "convention.tarif").read_text("utf-8")
        Version.objects.unscoped().filter(label="avenant n° 6").update(tariff=text)
        asking = Membership(agreement=lives["of"], organization=world["redon"], requested_on=date(2024, 1, 8))
        asking.save()
        (wanted,) = Prerequisite.objects.unscoped().filter(entry__edition=lives["current"], entry__offer="bureautique")
    path = f"/adhesions/{asking.pk}/choix/"
    chosen = {"offre-bureautique": "on", "on": "01/06/2024", "stated_on": "01/05/2024"}
    page = world.fill(path, **chosen)
    assert page.notices == []  # the tariff asks it too, and is not told a second time that nobody knows
    assert page.terms("Prérequis que personne n’a encore constatés") == [(
        "5 Bureautique", f"{wanted.wording} Bloque la prise d’effet Constater : 5 Bureautique",
    )]  # fmt: skip
    world.fill(f"/organisations/{world['redon'].pk}/prerequis/constater/", prerequisite=str(wanted.pk), outcome="waived",
               on="02/05/2024", evidence="décision de la direction")  # fmt: skip
    page = world.fill(path, **chosen)
    assert (page.notices, "Prérequis" in page.main.text) == ([], False)


def test_the_choices_of_a_member_on_a_text_without_a_tariff_bear_the_labels_of_the_latest_that_has_one(world, lives):
    with first_pool():
        text = (shipped("nimes_metropole") / "convention.tarif").read_text("utf-8")
        Version.objects.unscoped().filter(label="avenant n° 6").update(tariff=text)
    rows = world.get("/adhesions/").table("Adhésions et demandes")
    assert [row[2] for row in rows if row[0] == "Sixt-sur-Aff"] == [
        "1. Accès internet THD et outils collaboratifs, 9. SI Urbanisme"
    ]


@pytest.mark.covers("CAT-16")
def test_a_measured_prerequisite_is_proposed_from_the_sites_and_a_finding_wins(world, lives):
    def fibre():
        with first_pool():
            found = unmet_of("internet", world["sixt"], lives["current"], TODAY)
        return [one.finding.words for one in found if one.key == "qualite-de-fibre"]

    assert fibre() == ["personne ne l’a encore constaté, aucun des sites concernés n’est décrit"]
    site(world, "sixt", "Mairie", connection="fibre", speed=300)
    assert fibre() == []
    site(world, "sixt", "École", kind="school")
    assert fibre() == ["personne ne l’a encore constaté, École : accès au réseau non renseigné"]
    site(world, "sixt", "Local", kind="technical", connection="copper")
    assert fibre() == ["non rempli d’après les sites : Local : cuivre"]
    with first_pool():
        Entry.objects.unscoped().filter(edition=lives["current"], offer="internet").update(site_kinds=["town_hall"])
    assert fibre() == []
    with first_pool():
        Prerequisite.objects.unscoped().filter(entry__edition=lives["current"], entry__offer="internet", key="qualite-de-fibre") \
            .update(measure="speed", minimum=500)  # fmt: skip
    assert fibre() == ["non rempli d’après les sites : Mairie : 300 Mbit/s"]
    with first_pool():
        operations.state_check(world["sixt"], offer="internet", key="qualite-de-fibre", outcome="met", on=TODAY,
                               evidence="mesure", by="Inès Le Bihan", today=TODAY)  # fmt: skip
    assert fibre() == []
    with pytest.raises(Refusal, match=r"ne peut pas être à venir : le 5\smai\s2024 n’est pas encore là"), first_pool():
        operations.state_check(world["sixt"], offer="internet", key="qualite-de-fibre", outcome="met",
                               on=TODAY + timedelta(days=1), evidence="mesure", by="Inès Le Bihan", today=TODAY)  # fmt: skip


def test_what_the_sites_tell_is_typed_in_the_form_and_a_member_does_not_release_itself(world, lives):
    site(world, "allaire", "Mairie", connection="copper")
    with first_pool():
        world["allaire"].refresh_from_db()
        fibre = Prerequisite.objects.unscoped().get(entry__edition=lives["current"], entry__offer="internet", measure="fibre")
    path = f"/organisations/{world['allaire'].pk}/prerequis/constater/?prerequis={fibre.pk}"
    fields = world.get(path).fields
    assert (fields["outcome"], fields["evidence"]) == ("unmet", "sites : Mairie : cuivre")
    assert world.get(path).choices("outcome") == ["à choisir", "rempli", "non rempli", "dispensé"]
    world.sign_in("office")
    mine = f"/organisations/{world['sixt'].pk}/prerequis/"
    assert [world.get(one).status for one in (mine, f"{mine}constater/", path)] == [200, 200, 404]
    assert world.get(f"{mine}constater/").choices("outcome") == ["à choisir", "rempli", "non rempli"]
    world.sign_in("technician")
    assert [world.get(one).status for one in (mine, f"{mine}constater/")] == [200, 404]


def test_the_prerequisites_of_a_member_ask_for_as_many_queries_whatever_was_found(world, lives):
    path = f"/organisations/{world['allaire'].pk}/prerequis/"
    first = count_queries(world, path)
    with first_pool():
        for day in (1, 2, 3):
            operations.state_check(world["allaire"], offer="internet", key="qualite-de-fibre", outcome="met",
                                   on=date(2024, 5, day), evidence="mesure", by="Inès Le Bihan", today=TODAY)  # fmt: skip
    site(world, "allaire", "Mairie", connection="copper")
    assert (count_queries(world, path), first <= 11) == (first, True)


# ------------------------------------------------------------ closing a brick


@pytest.mark.covers("CAT-19")
def test_a_brick_is_closed_after_every_member_touched_was_shown_and_its_costs_go_to_another(world, lives):
    draft = loaded("nimes_metropole/avenant_5", "Avenant n° 7, projet", shown=False)
    brick = entry(draft, offer="urbanisme")
    path = f"/catalogues/fiches/{brick.pk}/fermer/"
    assert world.fill(path, last_day="03/04/2027").errors == ["Ses coûts vont à : à choisir."]
    page = world.fill(path, last_day="31/12/2023", into="internet")  # the closing of former years is entered as it was (MEM-40)
    assert "Ce jour est passé : l’offre a pu être tenue depuis." in page.text
    with first_pool():
        Entry.objects.unscoped().filter(edition=draft, offer="vidéoprotection").update(ends_on=date(2026, 1, 1))
    page = world.fill(path, last_day="03/04/2027", into="vidéoprotection")
    assert ("est elle-même fermée après le 1er janvier 2026" in spaced(page.errors), "Fermer l’offre" in page.text) == (
        True,
        False,
    )
    asked = {"last_day": "03/04/2027", "into": "internet"}
    page = world.fill(path, **asked)
    assert "1 membre touché : Sixt-sur-Aff" in page.text
    assert "Ses coûts vont à « 1 Accès internet THD et outils collaboratifs »." in page.text
    with first_pool():
        assert Entry.objects.unscoped().get(pk=brick.pk).ends_on is None  # nothing is written before it is confirmed
        member(lives["of"], world["redon"], "urbanisme")
    page = world.post(path, **asked, fait="oui", montre=["Sixt-sur-Aff"])
    assert page.errors == ["Depuis que la liste a été montrée, Redon a pris « 9 SI Urbanisme » : relisez-la, puis confirmez."]
    assert "2 membres touchés : Redon Sixt-sur-Aff" in page.text
    page = world.post(path, **asked, fait="oui", montre=["Redon", "Sixt-sur-Aff"])
    assert page.title == "9 SI Urbanisme"
    assert page.notices == [
        "Fermeture. Proposée jusqu’au 3 avril 2027 ; ses coûts vont à 1 Accès internet THD et outils collaboratifs."
    ]
    assert world.post(path, **asked, fait="oui").errors == [
        "« 9 SI Urbanisme » est déjà fermée : son dernier jour est le 3 avril 2027."
    ]


def test_a_brick_does_not_receive_its_own_costs_nor_give_them_to_one_that_is_closed(world, lives):
    draft = loaded("nimes_metropole", "Avenant n° 7, projet", shown=False)
    brick = entry(draft, offer="internet")
    with first_pool():
        for into, why in (
            ("internet", "Une brique fermée ne reçoit pas ses propres coûts : choisissez-en une autre."),
            ("urbanisme", "« 9 SI Urbanisme » est elle-même fermée après le 3 avril 2022 : choisissez-en une autre."),
            ("rien", "Choisissez la brique de ce catalogue qui reçoit les coûts."),
        ):
            with pytest.raises(Refusal) as refused:
                operations.close_entry(brick, last_day=date(2027, 1, 1), into=into, touched=[], shown=[], today=TODAY)
            assert spaced(refused.value) == why
        service = Entry.objects.unscoped().get(edition=draft, code="point 4")
        with pytest.raises(Refusal, match="n’est pas une offre"):
            operations.close_entry(service, last_day=date(2027, 1, 1), into="ads", touched=[], shown=[], today=TODAY)
    assert world.get(f"/catalogues/fiches/{service.pk}/fermer/").status == 404
    world.sign_in("technician")
    assert world.get(f"/catalogues/fiches/{brick.pk}/fermer/").status == 404


@pytest.fixture
def voted(world, lives):
    """Both versions have their tariff; Sixt-sur-Aff holds the brick that avenant n° 6 closes and internet, Redon it alone."""
    with first_pool():
        text = (shipped("nimes_metropole") / "convention.tarif").read_text("utf-8")
        Version.objects.unscoped().update(tariff=text)
        five, six = Version.objects.unscoped().order_by("pk")
        alone = member(lives["of"], world["redon"], "urbanisme", adopts=five)
        sixt = Membership.objects.unscoped().get(organization=world["sixt"])
    return {**lives, "six": six, "redon": alone, "sixt": sixt,
            "path": f"/catalogues/fiches/{entry(lives['current'], offer='urbanisme').pk}/reporter/"}  # fmt: skip


def adopt(world, voted, name, on=date(2023, 12, 12)):
    with first_pool():
        vote = act(world[name], on, subject="Convention cadre intégrant l’avenant n° 6")
        Adoption(membership=voted[name], version=voted["six"], on=on, decided_by=vote).save()
    return vote


@pytest.mark.covers("CAT-19")
def test_the_choices_of_those_who_adopted_the_closing_are_carried_over_at_once_without_the_closed_brick(world, voted):
    late = "Elle n’a pas adopté la version qui ferme cette offre."
    alone = "Elle ne tient rien d’autre : faites-lui remplir un nouveau formulaire."
    caption = "Ce que deviennent les choix"
    page = world.get(voted["path"])
    kept = "1. Accès internet THD et outils collaboratifs"
    assert page.table(caption) == [["Redon", "rien d’autre", late], ["Sixt-sur-Aff", kept, late]]
    assert page.fields == {}  # nothing to send
    vote = adopt(world, voted, "sixt")
    adopt(world, voted, "redon")
    page = world.get(voted["path"])
    assert page.table(caption) == [["Redon", "rien d’autre", alone], ["Sixt-sur-Aff", kept, "12 décembre 2023", spaced(vote)]]
    with first_pool():
        assert ChoiceForm.objects.unscoped().filter(membership=voted["sixt"]).count() == 1  # nothing is written before
    page = world.post(voted["path"], **page.fields)
    assert page.messages == ["Fait. 1 formulaire de choix reporté, sans « 9 SI Urbanisme »."]
    with first_pool():
        before, after = ChoiceForm.objects.unscoped().filter(membership=voted["sixt"]).order_by("starts_on")
        assert (before.ends_on, after.starts_on, after.decided_by) == (date(2023, 12, 11), date(2023, 12, 12), vote)
        assert [(one.offer, one.starts_on) for one in after.choices.unscoped()] == [("internet", date(2023, 1, 1))]
    assert world.get(voted["path"]).table(caption) == [["Redon", "rien d’autre", alone]]


@pytest.mark.covers("CAT-19")
def test_all_that_hold_a_closed_brick_are_told_whatever_keeps_their_choices_as_they_are(world, voted):
    with first_pool():
        Membership.objects.unscoped().filter(organization=world["sixt"]).update(effect_on=None)
        Membership.objects.unscoped().filter(organization=world["redon"]).update(ends_on=date(2028, 12, 31), end_cause="term")
        Entry.objects.unscoped().filter(edition=voted["current"], offer="urbanisme").update(ends_on=date(2029, 4, 3))
        Entry.objects.unscoped().filter(edition=voted["current"], offer="conseil").update(ends_on=date(2029, 4, 3))
    caption = "Ce que deviennent les choix"
    inside = "Elle la tient dans une offre qui la comprend : faites-lui remplir un nouveau formulaire."
    assert [[row[0], row[2]] for row in world.get(voted["path"]).table(caption)] == [
        ["Redon", "Son adhésion finit le 31/12/2028, avant que l’offre ferme : rien n’est à reporter."],
        ["Sixt-sur-Aff", "Son adhésion se prépare encore : faites-lui remplir un nouveau formulaire."],
    ]
    page = world.get(f"/catalogues/fiches/{entry(voted['current'], offer='conseil').pk}/reporter/")
    assert [[row[0], row[2]] for row in page.table(caption)] == [
        ["Allaire", inside], ["Redon", inside], ["Sixt-sur-Aff", inside],
    ]  # fmt: skip


def test_choices_that_changed_since_they_were_shown_are_not_carried_over(world, voted):
    adopt(world, voted, "sixt")
    shown = world.get(voted["path"]).fields
    with first_pool():
        Adoption.objects.unscoped().filter(version=voted["six"], membership=voted["sixt"]).delete()
    page = world.post(voted["path"], **shown)
    assert (page.status, page.notices) == (
        422, ["Refusé. Depuis que la liste a été montrée, les choix de Sixt-sur-Aff ont changé : relisez-la."],
    )  # fmt: skip
    assert world.post(voted["path"]).notices == ["Refusé. Aucun choix n’est à reporter."]
    world.sign_in("technician")
    assert (world.get(voted["path"]).status, world.post(voted["path"], **shown).status) == (404, 404)


def test_the_file_of_a_closed_brick_leads_to_the_choices_to_carry_over(world, voted):
    closed, open_ = (entry(voted["current"], offer=offer) for offer in ("urbanisme", "internet"))
    assert world.get(closed.get_absolute_url()).links["Reporter les choix"] == voted["path"]
    assert "Reporter les choix" not in world.get(open_.get_absolute_url()).links
    assert world.client.get(f"/catalogues/fiches/{open_.pk}/reporter/").headers["Location"] == open_.get_absolute_url()
    world.sign_in("office")
    assert "Reporter les choix" not in world.get(closed.get_absolute_url()).links


def test_a_member_is_touched_when_it_holds_the_brick_on_that_day_or_what_includes_it(world, lives):
    convention = opened("nimes_metropole")

    def names(offer, day):
        with first_pool():
            return [one.name for one in holders_of(offer, convention, day)]

    assert names("conseil", TODAY) == ["Allaire", "Sixt-sur-Aff"]  # every brick includes it
    assert names("internet", TODAY) == ["Sixt-sur-Aff"]
    with first_pool():
        leaving = world["sixt"].memberships.model.objects.unscoped().get(organization=world["sixt"])
        leaving.ends_on, leaving.end_cause = date(2026, 12, 31), "notice"
        leaving.save()
    assert [names("internet", day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [["Sixt-sur-Aff"], []]
