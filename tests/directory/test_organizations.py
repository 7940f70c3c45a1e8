"""Organizations: their types, what is known of each, what they are made of, how they give way to one another."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from communis.directory.enums import GrantRole
from communis.directory.models import Composition, Delegation, Grant, Organization, OrganizationType, Role, Site
from communis.directory.starting import furnish
from communis.foundation.history import event_model
from factories.world import first_pool, person, second_pool

pytestmark = pytest.mark.django_db

FULL = {
    "name": "Béganne", "legal_form": "commune", "siren": "215 600 115", "siret": "215 600 115 00012", "insee": "56011",
    "department": "56", "address": "1 rue de la Mairie\n56350 Béganne",
    "phone": "02 99 00 00 00", "email": "mairie@beganne.example",
    "chorus_service": "INFORMATIQUE", "chorus_commitment": "on", "starts_on": "01/01/2016",
}  # fmt: skip


def partner(world, name, kind):
    form = world.get("/fiches/partenaires/ajouter/")
    page = world.fill("/fiches/partenaires/ajouter/", name=name, kind=form.choice("kind", kind))
    assert page.messages == ["Fait. Un partenaire est ajouté."]


@pytest.mark.covers("ORG-01")
def test_a_pool_starts_with_the_types_of_the_law_and_adds_its_own(world):
    page = world.get("/reglages/")
    assert [row[0] for row in page.table("Types d’organisation")] == [
        "CCAS", "communauté d’agglomération", "communauté de communes", "communauté urbaine", "commune",
        "établissement associé", "établissement public", "métropole", "pôle métropolitain", "syndicat intercommunal",
        "syndicat mixte", "syndicat scolaire",
    ]  # fmt: skip
    page = world.fill("/fiches/types-d-organisation/ajouter/", name="régie personnalisée")
    assert page.messages == ["Fait. Un type d’organisation est ajouté."]
    form = world.get("/fiches/organisations/ajouter/")
    kind = form.choice("type", "régie personnalisée")
    page = world.fill("/fiches/organisations/ajouter/", name="Régie du port de Redon", type=kind)
    assert (page.title, page.sentence) == ("Régie du port de Redon", "Régie personnalisée.")


@pytest.mark.covers("ORG-02")
def test_the_file_of_an_organization_holds_all_that_identifies_and_reaches_it(world):
    partner(world, "Préfecture du Morbihan", "préfecture ou sous-préfecture")
    partner(world, "Service de gestion comptable de Redon", "comptable public")
    partner(world, "Tribunal administratif de Rennes", "tribunal administratif")
    form = world.get("/fiches/organisations/ajouter/")
    assert form.choices("prefecture") == ["aucun", "Préfecture du Morbihan"]
    page = world.fill(
        "/fiches/organisations/ajouter/", **FULL, type=form.choice("type", "commune"),
        prefecture=form.choice("prefecture", "Préfecture du Morbihan"),
        accountant=form.choice("accountant", "Service de gestion comptable de Redon"),
        court=form.choice("court", "Tribunal administratif de Rennes"),
    )  # fmt: skip
    assert page.messages == ["Fait. Une organisation est ajoutée."]
    facts = page.root.all("aside")[0].all("dl")[0]
    assert [(t.text, d.text) for t, d in zip(facts.all("dt"), facts.all("dd"), strict=True)] == [
        ("Type", "commune"), ("Forme juridique", "commune"), ("SIREN", "215600115"), ("SIRET", "21560011500012"),
        ("Code Insee", "56011"), ("Département", "56"), ("Adresse", "1 rue de la Mairie 56350 Béganne"),
        ("Téléphone", "02 99 00 00 00"), ("E-mail", "mairie@beganne.example"),
        ("Préfecture de contrôle", "Préfecture du Morbihan"), ("Comptable public", "Service de gestion comptable de Redon"),
        ("Tribunal administratif", "Tribunal administratif de Rennes"),
        ("Chorus Pro", "service INFORMATIQUE, engagement exigé"), ("Existe depuis le", "1er janvier 2016"),
    ]  # fmt: skip
    with first_pool():
        assert Organization.objects.unscoped().get(insee="56011").reference.name == "Béganne"


@pytest.mark.covers("ORG-02")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"siren": "215600116"}, "SIREN : « 215600116 » n’est pas un SIREN : sa clé est fausse. Relisez les neuf chiffres."),
        ({"siren": "2156"}, "SIREN : Un SIREN a neuf chiffres."),
        ({"siret": "21560011500013"}, "SIRET : « 21560011500013 » n’est pas un SIRET : sa clé est fausse. "
                                      "Relisez les quatorze chiffres."),
        ({"siret": "21350236200014"}, "SIRET : Ce SIRET n’est pas celui d’un établissement du SIREN 215600115."),
        ({"insee": "5601"}, "Code Insee : Un code Insee de commune a cinq caractères : 35236, 2A004, 97411."),
        ({"insee": "99001", "department": ""}, "Code Insee : « 99001 » n’est pas un code Insee de commune : il commence par le "
                                               "numéro du département, et il n’y a pas de 99. Relisez-le."),
        ({"department": "35"}, "Département : Le code Insee 56011 est celui d’une commune du 56."),
        ({"department": "96", "insee": ""}, "Département : Un département se dit par son numéro : 35, 2A, 971."),
        ({"name": "Allaire"}, "Une organisation porte déjà ce nom."),
        ({"insee": "56001", "siren": "", "siret": ""}, "Une organisation a déjà ce code Insee."),
        ({"ends_on": "01/01/1700"}, "Existe jusqu’au : L’année doit être comprise entre 1900 et 2199."),
        ({"starts_on": "02/01/2026", "ends_on": "01/01/2026"}, "La fin doit suivre le début."),
        ({"starts_on": "31/02/2026"}, "Existe depuis le : Cette date n’existe pas : 31/02/2026."),
        ({"email": "mairie"}, "Adresse e-mail : Saisissez une adresse de courriel valide."),
        ({"name": ""}, "Nom : à remplir."),
    ],
)  # fmt: skip
def test_a_wrong_identifier_is_refused_in_words_and_what_was_typed_stays(world, changed, said):
    path = "/fiches/organisations/ajouter/"
    kind = world.get(path).choice("type", "commune")
    page = world.fill(path, **{**FULL, "starts_on": "", **changed, "type": kind})
    assert (page.status, page.errors) == (422, [said])
    typed = {**FULL, "starts_on": "", **changed}
    assert {name: page.fields[name] for name in ("name", "address", "siret")} == {
        name: typed[name] for name in ("name", "address", "siret")
    }


def test_all_that_is_wrong_is_said_at_once(world):
    path = "/fiches/organisations/ajouter/"
    kind = world.get(path).choice("type", "commune")
    page = world.fill(
        path, **{**FULL, "name": "", "siren": "2156", "siret": "", "insee": "5601", "email": "mairie", "type": kind}
    )
    assert (page.status, page.errors) == (422, [
        "Nom : à remplir.", "SIREN : Un SIREN a neuf chiffres.",
        "Code Insee : Un code Insee de commune a cinq caractères : 35236, 2A004, 97411.",
        "Adresse e-mail : Saisissez une adresse de courriel valide.",
    ])  # fmt: skip


@pytest.mark.parametrize(("code", "ends_on", "warned"), [("56999", "", 1), ("56999", "31/12/2018", 0), ("56011", "", 0)])
def test_a_code_that_no_commune_has_is_told_on_the_file(world, code, ends_on, warned):
    path = "/fiches/organisations/ajouter/"
    kind = world.get(path).choice("type", "commune")
    page = world.fill(path, name="Ville-Fantôme", insee=code, ends_on=ends_on, type=kind)
    said = f"À vérifier. Aucune commune du registre national n’a le code Insee {code} : aucune population légale ne lui vient "
    assert (page.title, page.text.count(said + "d’elle-même. Corriger ce code")) == ("Ville-Fantôme", warned)


def test_what_is_not_known_is_not_said_to_be_without_object(world):
    kind = world.get("/fiches/organisations/ajouter/").choice("type", "CCAS")
    world.fill("/fiches/organisations/ajouter/", name="CCAS de Sixt-sur-Aff", type=kind)
    kind = world.get("/fiches/organisations/ajouter/").choice("type", "commune")
    world.fill("/fiches/organisations/ajouter/", name="Val d’Aff", type=kind)
    rows = {row[0]: row[1:] for row in world.get("/organisations/").table("Les organisations")}
    assert rows["CCAS de Sixt-sur-Aff"] == ["CCAS", "non renseigné", "sans objet", "non renseigné"]
    assert rows["Val d’Aff"] == ["commune", "non renseigné", "à compléter", "non renseigné"]


def test_what_is_still_referred_to_is_said_in_number_and_not_offered_to_be_removed(world):
    path = f"/fiches/organisations/{world['redon'].pk}/retirer/"
    page = world.get(path)
    assert (page.notices, [b.text for b in page.main.all("button")]) == ([], ["Retirer"])
    with first_pool():
        Site(organization=world["redon"], kind="town_hall", name="Mairie").save()
    page = world.get(path)
    assert page.notices == ["Attention. S’y rapporte encore : 1 site. Retirez-le d’abord."]
    with first_pool():
        Site(organization=world["redon"], kind="school", name="École").save()
    page = world.get(path)
    assert page.notices == ["Attention. S’y rapportent encore : 2 sites. Retirez-les d’abord."]
    assert [b.text for b in page.main.all("button")] == []


@pytest.mark.covers("ORG-02")
def test_the_siren_of_another_is_refused_and_said_whose_it_is(world):
    path = f"/fiches/organisations/{world['allaire'].pk}/modifier/"
    held = world.fill(path, siren="213 503 287", insee="", department="56")
    assert held.errors == [
        "SIREN : Le SIREN 213503287 est déjà celui de « Sixt-sur-Aff ». Corrigez-le ; si l’une dépend de l’autre, dites-le par "
        "« Commune de rattachement » ; si l’une n’existe plus, donnez-lui une fin."
    ]
    given = world.fill(path, siren="213 502 362")
    assert given.errors == ["SIREN : Le registre national donne le SIREN 213502362 à Redon. Corrigez-le, ou videz cette case."]
    with first_pool():
        assert Organization.objects.unscoped().get(pk=world["allaire"].pk).siren == "215600016"


def test_what_depends_on_an_organization_shares_its_siren_and_another_of_that_siren_does_not(world):
    path = "/fiches/organisations/ajouter/"
    kind = world.get(path).choice("type", "établissement associé")
    one = {"name": "Régie du port", "type": kind, "siren": "213503287"}
    assert world.fill(path, **one).errors == [
        "SIREN : Le SIREN 213503287 est déjà celui de « Sixt-sur-Aff ». Corrigez-le ; si l’une dépend de l’autre, dites-le par "
        "« Commune de rattachement » ; si l’une n’existe plus, donnez-lui une fin."
    ]
    for name in ("Régie du port", "Caisse des écoles"):
        page = world.fill(path, **{**one, "name": name, "parent": world["sixt"].pk})
        assert page.messages == ["Fait. Une organisation est ajoutée."]
    with first_pool():
        made = Organization.objects.unscoped().filter(parent=world["sixt"]).values_list("name", "siren", "reference")
        assert list(made) == [("Caisse des écoles", "213503287", None), ("Régie du port", "213503287", None)]
        Organization.objects.unscoped().filter(pk=world["allaire"].pk).update(siren="")
        with pytest.raises(IntegrityError, match="organization_siren_once"), transaction.atomic():
            Organization.objects.unscoped().filter(pk=world["allaire"].pk).update(siren="213503287")


def test_an_organization_that_ended_gives_its_siren_up(world):
    world.fill(f"/fiches/organisations/{world['sixt'].pk}/modifier/", ends_on="31/12/2025")
    page = world.fill(f"/fiches/organisations/{world['allaire'].pk}/modifier/", siren="213503287", insee="", department="35")
    assert page.messages == ["Fait. C’est enregistré."]


def test_an_insee_code_is_for_the_types_that_have_one(world):
    kind = world.get("/fiches/organisations/ajouter/").choice("type", "CCAS")
    page = world.fill("/fiches/organisations/ajouter/", **{**FULL, "starts_on": "", "type": kind})
    assert page.errors == ["Code Insee : Une organisation du type « CCAS » n’a pas de code Insee."]


def test_a_member_keeps_how_to_reach_it_and_not_who_it_is(world):
    world.sign_in("office")
    path = f"/fiches/organisations/{world['sixt'].pk}/modifier/"
    page = world.get(path)
    assert sorted(page.fields) == ["address", "chorus_service", "email", "phone", "version"]
    assert world.fill(path, phone="02 99 70 00 00", insee="35001", name="Autre").messages == ["Fait. C’est enregistré."]
    with first_pool():
        found = Organization.objects.unscoped().get(pk=world["sixt"].pk)
    assert (found.phone, found.insee, found.name) == ("02 99 70 00 00", "35328", "Sixt-sur-Aff")
    assert world.get("/fiches/organisations/ajouter/").status == 404
    assert world.get(f"/fiches/organisations/{world['allaire'].pk}/modifier/").status == 404


@pytest.mark.covers("ORG-03")
def test_two_gestionnaires_of_two_natures_are_kept_apart(world):
    with second_pool():
        furnish()
        director = world.accounts["director"]
        Grant(account=director, role=GrantRole.DIRECTOR, starts_on=date(2024, 1, 1)).save()
    page = world.get("/services/")
    assert [b.text for b in page.main.all("button", name="pool")] == [
        "Entrer dans Premier service", "Entrer dans Second service",
    ]  # fmt: skip
    assert world.post("/services/", pool=2).title == "À décider"
    assert world.get("/organisations/").text.endswith(
        "Aucune organisation : le gestionnaire d’abord, puis les communes depuis le territoire."
    )
    form = world.get("/fiches/organisations/ajouter/")
    page = world.fill("/fiches/organisations/ajouter/", name="SIDEC du Jura", type=form.choice("type", "syndicat mixte"),
                      department="39")  # fmt: skip
    with second_pool():
        made = Organization.objects.unscoped().get()
    assert "Désigner comme gestionnaire" in page.text
    page = world.post(f"/organisations/{made.pk}/gestionnaire/")
    assert page.messages == ["Fait. SIDEC du Jura est le gestionnaire du service."]
    assert "Désigner comme gestionnaire" not in page.text
    assert world.get(f"/organisations/{world['sixt'].pk}/").status == 404
    assert world.post("/services/", pool=1).title == "À décider"
    names = [row[0] for row in world.get("/organisations/").table("Les organisations")]
    assert names == ["Allaire", "Redon", "REDON Agglomération", "Sixt-sur-Aff"]
    assert world.get(f"/organisations/{made.pk}/").status == 404
    page = world.post(f"/organisations/{world['sixt'].pk}/gestionnaire/")
    assert page.messages == ["Refusé. Le service a déjà un gestionnaire : REDON Agglomération."]


@pytest.mark.covers("ORG-04")
def test_an_organization_is_made_of_others_from_a_day_to_a_day_without_their_being_members(world):
    path = "/fiches/organisations/ajouter/"
    form = world.get(path)
    commune, scolaire = form.choice("type", "commune"), form.choice("type", "syndicat intercommunal")
    for name in ("Tomblaine", "Saint-Max", "Essey-lès-Nancy"):
        world.fill(path, name=name, type=commune)
    crib = world.fill(path, name="Syndicat Frimousse", type=scolaire)
    with first_pool():
        whole = Organization.objects.unscoped().get(name="Syndicat Frimousse")
        roles, grants = Role.objects.unscoped().count(), Grant.objects.unscoped().count()
    add = crib.links["Ajouter une composante"]
    for name in ("Tomblaine", "Saint-Max", "Essey-lès-Nancy"):
        part = world.get(add).choice("part", name)
        page = world.fill(add, part=part, starts_on="01/09/2019", ends_on="31/08/2025" if name == "Saint-Max" else "")
    assert page.terms("Composition et liens") == [
        ("Composée de", "Essey-lès-Nancy, depuis le 1er septembre 2019"),
        ("Composée de", "Saint-Max, du 1er septembre 2019 au 31 août 2025"),
        ("Composée de", "Tomblaine, depuis le 1er septembre 2019"),
    ]
    page = world.fill(add, part=world.get(add).choice("part", "Tomblaine"), starts_on="01/01/2020")
    assert (page.status, page.errors) == (422, ["Composé de : Tomblaine en fait déjà partie depuis le 01/09/2019."])
    page = world.fill(add, part=world.get(add).choice("part", "Saint-Max"), starts_on="01/09/2025")
    assert page.status == 200
    page = world.fill(add, part=str(whole.pk), starts_on="01/09/2025")
    assert page.errors == ["Un groupement n’est pas composé de lui-même."]
    tomblaine = world.get(world.get("/organisations/", q="tomblaine").links["Tomblaine"])
    assert tomblaine.terms("Composition et liens") == [("Fait partie de", "Syndicat Frimousse, depuis le 1er septembre 2019")]
    with first_pool():  # to be a part of a grouping gives nobody a role, a right or a place in the territory
        assert (Role.objects.unscoped().count(), Grant.objects.unscoped().count()) == (roles, grants)
        assert Composition.objects.unscoped().filter(part__name="Saint-Max").count() == 2


def test_an_associated_body_stands_under_its_commune_with_its_own_people(world):
    path = "/fiches/organisations/ajouter/"
    form = world.get(path)
    page = world.fill(path, name="CCAS de Redon", type=form.choice("type", "CCAS"), parent=form.choice("parent", "Redon"))
    assert page.sentence == "CCAS, établissement rattaché à Redon."
    assert world.get(f"/organisations/{world['redon'].pk}/").terms("Composition et liens") == [
        ("Établissement associé", "CCAS de Redon")
    ]
    role = page.links["Donner un rôle"]
    page = world.fill(role, last_name="Guillou", first_name="Rozenn", kind="decision", starts_on="01/01/2026")
    assert page.table("Rôles tenus aujourd’hui")[0][:3] == ["Rozenn Guillou", "Interlocuteur décideur", "1er janv. 2026"]


@pytest.mark.covers("ORG-23")
def test_a_commune_nouvelle_takes_the_place_of_two_and_their_history_stays(world):
    sixt, allaire = world["sixt"], world["allaire"]
    with first_pool():
        mayor = person("Jeanne", "Corbel", sixt, "mayor")
        for one in (sixt, allaire):
            Site(organization=one, kind="town_hall", name="Mairie").save()
        whole = Organization(type=OrganizationType.objects.unscoped().get(name="syndicat scolaire"), name="Syndicat scolaire")
        whole.save()
        Composition(whole=whole, part=sixt, starts_on=date(2015, 9, 1)).save()
        ccas = Organization(type=OrganizationType.objects.unscoped().get(name="CCAS"), name="CCAS de Sixt-sur-Aff", parent=sixt)
        ccas.save()
        Delegation(organization=sixt, delegate=mayor, granted_by="le maire", scope="l’état civil", act="arrêté n° 3",
                   starts_on=date(2024, 1, 1)).save()  # fmt: skip
    kind = world.get("/fiches/organisations/ajouter/").choice("type", "commune")
    world.fill("/fiches/organisations/ajouter/", name="Val d’Aff", type=kind)
    path = "/organisations/reorganiser/"
    form = world.get(path)
    typed = {
        "predecessors": [form.choice("predecessors", "Sixt-sur-Aff"), form.choice("predecessors", "Allaire")],
        "successor": form.choice("successor", "Val d’Aff"), "kind": "new_commune", "on": "01/01/2027",
        "act": "arrêté préfectoral du 12 octobre 2026",
    }  # fmt: skip
    check = world.post(path, **typed)
    assert check.table("Ce qui change") == [["Allaire", "0", "1"], ["Sixt-sur-Aff", "1", "1"]]
    with first_pool():
        assert Organization.objects.unscoped().get(pk=sixt.pk).ends_on is None  # nothing is done before it is confirmed
    page = world.post(path, **typed, fait="oui")
    assert (page.title, page.messages) == ("Val d’Aff", ["Fait. La réorganisation est enregistrée."])
    assert page.terms("Composition et liens") == [
        ("Fait partie de", "Syndicat scolaire, à compter du 1er janvier 2027"),
        ("Établissement associé", "CCAS de Sixt-sur-Aff"),
        ("Succède à", "Allaire depuis le 1er janvier 2027 (arrêté préfectoral du 12 octobre 2026)"),
        ("Succède à", "Sixt-sur-Aff depuis le 1er janvier 2027 (arrêté préfectoral du 12 octobre 2026)"),
    ]
    assert [row[0] for row in page.table("Sites")] == ["Mairie", "Mairie (Sixt-sur-Aff)"]
    gone = world.get(f"/organisations/{sixt.pk}/")
    assert gone.sentence == (
        "Commune, département 35. Val d’Aff lui a succédé le 1er janvier 2027 (arrêté préfectoral du 12 octobre 2026)."
    )
    assert gone.table("Populations légales par année")[0][0] == "Population totale"
    with first_pool():
        role = Role.objects.unscoped().get(person=mayor)
        assert (role.ends_on, Organization.objects.unscoped().get(pk=sixt.pk).ends_on) == (date(2026, 12, 31), date(2026, 12, 31))
        assert Delegation.objects.unscoped().get().ends_on == date(2026, 12, 31)
        assert Organization.objects.unscoped().get(pk=ccas.pk).parent.name == "Val d’Aff"
        found = Composition.objects.unscoped().filter(whole=whole).order_by("starts_on")
        assert [(c.part.name, c.starts_on, c.ends_on) for c in found] == [
            ("Sixt-sur-Aff", date(2015, 9, 1), date(2026, 12, 31)), ("Val d’Aff", date(2027, 1, 1), None),
        ]  # fmt: skip
    asked = world.get("/signatures/", person=mayor.pk, organization=sixt.pk, on="01/01/2027")
    assert asked.notices[0].startswith(
        "Hors délégation. Sixt-sur-Aff a pris fin le 31/12/2026 : personne ne signe plus pour elle."
    )
    page = world.post(path, **{**typed, "predecessors": [str(sixt.pk)]}, fait="oui")
    assert page.status == 422  # what has gone cannot go twice: it is no longer offered


@pytest.mark.covers("ORG-23")
def test_roles_and_delegations_not_begun_go_with_the_organization_and_their_history_stays(world):
    sixt, allaire = world["sixt"], world["allaire"]
    with first_pool():
        elected = person("Jeanne", "Corbel", sixt, "mayor", since=date(2027, 1, 1))
        role = Role.objects.unscoped().get(person=elected)
        delegation = Delegation(organization=sixt, delegate=elected, granted_by="le maire", scope="l’état civil",
                                act="arrêté n° 3", starts_on=date(2027, 2, 1))  # fmt: skip
        delegation.save()
        last = person("Yann", "Le Goff", sixt, "mayor", since=date(2026, 12, 31))
        Grant(account=world.accounts["elected"], organization=sixt, role=GrantRole.EXECUTIVE, held_as=role,
              starts_on=date(2027, 1, 1)).save()  # fmt: skip
    page = world.post("/organisations/reorganiser/", predecessors=[sixt.pk], successor=allaire.pk, kind="merger",
                      on="01/01/2027", act="arrêté", fait="oui")  # fmt: skip
    assert page.messages == ["Fait. La réorganisation est enregistrée."]
    with first_pool():
        assert [(r.person, r.ends_on) for r in Role.objects.unscoped().filter(organization=sixt)] == [(last, date(2026, 12, 31))]
        assert not Delegation.objects.unscoped().exists()
        assert not Grant.objects.unscoped().filter(organization=sixt, role=GrantRole.EXECUTIVE).exists()
        labels = event_model(Role).objects.unscoped().filter(pgh_obj_id=role.pk).order_by("pgh_id")
        assert [event.pgh_label for event in labels] == ["insert", "delete"]
        labels = event_model(Delegation).objects.unscoped().filter(pgh_obj_id=delegation.pk).order_by("pgh_id")
        assert [event.pgh_label for event in labels] == ["insert", "delete"]


def test_a_place_to_come_in_a_grouping_passes_to_the_successor_on_its_own_day(world):
    sixt, allaire, redon = world["sixt"], world["allaire"], world["redon"]
    with first_pool():
        Composition(whole=redon, part=sixt, starts_on=date(2027, 7, 1), ends_on=date(2030, 6, 30)).save()
    world.post("/organisations/reorganiser/", predecessors=[sixt.pk], successor=allaire.pk, kind="merger", on="01/01/2027",
               act="arrêté", fait="oui")  # fmt: skip
    with first_pool():
        places = Composition.objects.unscoped().filter(whole=redon)
        assert [(one.part, one.starts_on, one.ends_on) for one in places] == [(allaire, date(2027, 7, 1), date(2030, 6, 30))]


def test_the_gestionnaire_does_not_disappear_and_nobody_succeeds_to_itself(world):
    path = "/organisations/reorganiser/"
    form = world.get(path)
    assert [label.text for label in form.main.all("label") if label.all("input", name="predecessors")] == [
        "Allaire", "Redon", "Sixt-sur-Aff",
    ]  # fmt: skip
    sixt = str(world["sixt"].pk)
    page = world.post(path, predecessors=[sixt], successor=sixt, kind="merger", on="01/01/2027", act="arrêté")
    assert page.errors == ["Organisation qui leur succède : Une organisation ne se succède pas à elle-même."]
