"""People: what they hold, who is missing, the general renewal of councils, who may sign, and what is erased."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from communis.directory.enums import GrantRole
from communis.directory.models import Delegation, Grant, Organization, Person, Role
from communis.foundation.history import event_model
from factories.world import account, count_queries, first_pool, person

pytestmark = pytest.mark.django_db

ROLES = {
    "decision": "Interlocuteur décideur", "technical": "Interlocuteur technique", "mayor": "Maire", "president": "Président",
    "vice_president": "Vice-président en charge", "clerk": "Direction générale ou secrétariat de mairie",
    "legal": "Représentant légal", "finance": "Responsable financier", "it_referent": "Référent informatique",
    "working_group": "Représentant des services au groupe de travail", "it_agent": "Agent informatique contributeur",
    "accountant": "Comptable public",
}  # fmt: skip


def appoint(world, name, **typed):
    return world.fill(f"/organisations/{world[name].pk}/roles/ajouter/", **{"starts_on": "01/01/2026", **typed})


@pytest.mark.covers("ORG-09")
def test_one_person_may_hold_both_contacts_and_those_who_miss_one_are_listed(world):
    page = world.get("/interlocuteurs/")
    assert page.sentence.startswith(
        "6 rôles à pourvoir : chaque membre a un interlocuteur décideur et un interlocuteur technique"
    )
    assert page.table("Les interlocuteurs à désigner")[:3] == [
        ["Allaire", "interlocuteur décideur", "Désigner"],
        ["Allaire", "interlocuteur technique", "Désigner"],
        ["Redon", "interlocuteur décideur", "Désigner"],
    ]
    path = page.actions("Désigner")[0]
    page = world.fill(path, first_name="Yann", last_name="Prioul", email="yann@allaire.example", starts_on="01/01/2026")
    assert page.table("Les interlocuteurs à désigner")[0] == [
        "Allaire",
        "interlocuteur technique",
        "Désigner",
    ]  # back to the list
    with first_pool():
        yann = Person.objects.unscoped().get(last_name="Prioul")
    appoint(world, "allaire", person=yann.pk, kind="technical")
    page = world.get("/interlocuteurs/")
    assert sorted({row[0] for row in page.table("Les interlocuteurs à désigner")}) == ["Redon", "Sixt-sur-Aff"]
    page = world.get(f"/organisations/{world['allaire'].pk}/")
    assert [row[:2] for row in page.table("Rôles tenus aujourd’hui")] == [
        ["Yann Prioul", "Interlocuteur décideur"], ["Yann Prioul", "Interlocuteur technique"],
    ]  # fmt: skip
    assert page.notices == []
    assert world.get(f"/organisations/{world['sixt'].pk}/").notices == [
        "À désigner. Interlocuteur décideur, interlocuteur technique. Donner ce rôle"
    ]


@pytest.mark.parametrize(("who", "offered"), [("director", "Désigner"), ("auditor", "")])
def test_the_list_of_contacts_offers_to_designate_only_to_those_who_may(world, who, offered):
    world.sign_in(who)
    rows = world.get("/interlocuteurs/").table("Les interlocuteurs à désigner")
    assert rows[0] == ["Allaire", "interlocuteur décideur", offered]


@pytest.mark.covers("ORG-10")
@pytest.mark.parametrize(("kind", "words"), ROLES.items())
def test_each_function_of_an_organization_is_given_and_shown(world, kind, words):
    page = appoint(world, "sixt", first_name="Ada", last_name="Bihan", email="ada@sixt.example", kind=kind)
    assert page.messages == ["Fait. Le rôle est donné."]
    assert page.table("Rôles tenus aujourd’hui") == [["Ada Bihan", words, "1er janv. 2026", "ada@sixt.example", "Terminer"]]


@pytest.mark.covers("ORG-11")
def test_a_role_begins_ends_and_a_person_holds_several_in_several_places(world):
    appoint(world, "sixt", first_name="Jeanne", last_name="Corbel", kind="mayor", starts_on="05/07/2020")
    with first_pool():
        jeanne = Person.objects.unscoped().get(last_name="Corbel")
    appoint(world, "host", person=jeanne.pk, kind="vice_president", starts_on="16/07/2020", ends_on="31/12/2024")
    page = world.get(f"/personnes/{jeanne.pk}/")
    assert page.table("Rôles tenus aujourd’hui") == [["Maire", "Sixt-sur-Aff", "5 juill. 2020", "sans terme", "Terminer"]]
    assert page.table("Rôles passés") == [["Vice-président en charge", "REDON Agglomération", "16 juill. 2020", "31 déc. 2024"]]
    with first_pool():
        mayor = Role.objects.unscoped().get(kind="mayor")
    page = world.fill(f"/roles/{mayor.pk}/terminer/", on="04/07/2020")
    assert page.errors == ["Ce rôle commence le 05/07/2020 : il ne peut pas finir avant."]
    page = world.fill(f"/roles/{mayor.pk}/terminer/", on="22/03/2026")
    assert (page.title, page.messages) == ("Sixt-sur-Aff", ["Fait. Le rôle prend fin."])
    page = world.fill(f"/roles/{mayor.pk}/terminer/", on="23/03/2026")
    assert page.errors == ["Ce rôle a déjà pris fin le 22/03/2026."]


@pytest.mark.covers("ORG-11")
def test_a_general_renewal_is_checked_then_ends_mandates_and_lists_what_to_designate(world):
    with first_pool():
        jeanne = person("Jeanne", "Corbel", world["sixt"], "mayor", "decision", since=date(2020, 7, 5))
        Role(person=jeanne, organization=world["host"], kind="vice_president", starts_on=date(2020, 7, 16)).save()
        person("Loïc", "Ménager", world["allaire"], "mayor", since=date(2020, 7, 5))
        person("Anaïs", "Breton", world["redon"], "mayor", since=date(2026, 3, 15))
    path = "/mandats/renouvellement/"
    form = world.get(path)
    types = [form.choice("types", "commune"), form.choice("types", "communauté d’agglomération")]
    refused = world.post(path, on="demain", types=types)
    assert (refused.status, refused.errors) == (
        422, ["Jour de l’élection : Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026."],
    )  # fmt: skip
    nothing = world.post(path, on="05/07/2020", types=types)
    assert (
        "Aucun mandat de ces conseils n’est en cours la veille du 5 juillet 2020 : rien ne prendrait fin. "
        "Changez le jour ou les conseils."
    ) in nothing.text
    assert "Terminer ces mandats" not in nothing.text
    check = world.post(path, on="15/03/2026", types=types)
    assert "3 mandats prennent fin le 15 mars 2026, dans 3 organisations." in check.text
    without_host = world.post(path, on="06/07/2020", types=types)
    assert "2 mandats prennent fin le 6 juillet 2020, dans 2 organisations." in without_host.text
    assert check.table("Mandats qui prennent fin") == [
        ["Allaire", "Maire", "Loïc Ménager", "5 juill. 2020"],
        ["REDON Agglomération", "Vice-président en charge", "Jeanne Corbel", "16 juill. 2020"],
        ["Sixt-sur-Aff", "Maire", "Jeanne Corbel", "5 juill. 2020"],
    ]
    with first_pool():
        assert Role.objects.unscoped().exclude(ends_on=None).count() == 0  # nothing before it is confirmed
    page = world.post(path, on="15/03/2026", types=types, fait="oui")
    assert page.sentence == (
        "3 mandats ont pris fin le 15 mars 2026 et ne sont tenus par personne. Les actes signés jusque-là restent valables."
    )
    assert page.table("Les mandats à désigner de nouveau") == [
        ["Allaire", "maire", "Loïc Ménager", "Désigner"],
        ["REDON Agglomération", "vice-président en charge", "Jeanne Corbel", "Désigner"],
        ["Sixt-sur-Aff", "maire", "Jeanne Corbel", "Désigner"],
    ]
    page = world.fill(page.actions("Désigner")[0], last_name="Ménager", first_name="Loïc", starts_on="28/03/2026")
    assert [row[0] for row in page.table("Les mandats à désigner de nouveau")] == ["REDON Agglomération", "Sixt-sur-Aff"]
    with first_pool():
        held = Role.objects.unscoped().filter(ends_on=date(2026, 3, 15)).order_by("organization__sort_name", "kind")
        assert [str(r.organization) for r in held] == ["Allaire", "REDON Agglomération", "Sixt-sur-Aff"]
        assert Role.objects.unscoped().get(kind="decision").ends_on is None  # a contact is not a mandate
        assert Role.objects.unscoped().get(person__last_name="Breton").ends_on is None  # the new council stays
    asked = world.get("/signatures/", person=jeanne.pk, organization=world["sixt"].pk, on="14/03/2026")
    assert asked.notices == ["Valable. Jeanne Corbel peut signer pour Sixt-sur-Aff le 14 mars 2026 : maire depuis le 05/07/2020."]


@pytest.mark.covers("ORG-11")
def test_what_the_last_renewal_leaves_to_designate_is_found_again_from_the_home_page(world):
    assert world.get("/mandats/a-designer/").sentence.startswith("Aucun renouvellement n’est enregistré.")
    yesterday = timezone.localdate() - timedelta(days=1)
    with first_pool():
        person("Jeanne", "Corbel", world["sixt"], "mayor", since=date(2020, 7, 5))
        person("Loïc", "Ménager", world["allaire"], "mayor", since=date(2020, 7, 5))
        leaving = Organization.objects.unscoped().get(pk=world["allaire"].pk)
        leaving.ends_on = timezone.localdate() + timedelta(days=30)
        leaving.save()  # it exists still on the day of the renewal
    path = "/mandats/renouvellement/"
    types = [world.get(path).choice("types", "commune")]
    page = world.post(path, on=f"{yesterday:%d/%m/%Y}", types=types, fait="oui")
    assert [row[0] for row in page.table("Les mandats à désigner de nouveau")] == ["Allaire", "Sixt-sur-Aff"]
    assert [row[0] for row in world.get("/mandats/a-designer/").table("Les mandats à désigner de nouveau")] == [
        "Allaire", "Sixt-sur-Aff",
    ]  # fmt: skip
    task = next(li for li in world.get("/").main.all("li", class_="task") if "Désigner de nouveau les élus" in li.text)
    assert (task.all("a")[0].attrs["href"], f"2 mandats que personne ne tient depuis le {yesterday:%d/%m/%Y}" in task.text) == (
        "/mandats/a-designer/", True,
    )  # fmt: skip


@pytest.mark.covers("SEC-07")
def test_the_right_that_came_with_a_role_ends_at_once_when_the_role_has_ended(world):
    with first_pool():
        jeanne = person("Jeanne", "Corbel", world["sixt"], "mayor")
        role = Role.objects.unscoped().get(person=jeanne)
        account(world, "mayor", "Jeanne Corbel", GrantRole.EXECUTIVE, world["sixt"])
        Grant.objects.unscoped().filter(account=world.accounts["mayor"]).update(held_as=role)
    assert world.sign_in("mayor").get("/").status == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    world.sign_in("director").fill(f"/roles/{role.pk}/terminer/", on=f"{yesterday:%d/%m/%Y}")
    assert world.sign_in("mayor").get("/").url == "/services/"
    assert world.get("/services/").url == "/compte/sans-acces/"


def test_a_mandate_for_one_person_is_not_given_to_two(world):
    appoint(world, "sixt", first_name="Jeanne", last_name="Corbel", kind="mayor")
    page = appoint(world, "sixt", first_name="Ada", last_name="Bihan", kind="mayor", starts_on="01/02/2026")
    assert (page.status, page.errors) == (
        422, ["Jeanne Corbel est déjà maire de Sixt-sur-Aff depuis le 01/01/2026. Terminez d’abord ce rôle."],
    )  # fmt: skip
    assert page.fields["last_name"] == "Bihan"
    with first_pool():
        assert Person.objects.unscoped().filter(last_name="Bihan").count() == 0  # refused whole: the person neither


def test_nobody_is_named_by_an_empty_form(world):
    page = appoint(world, "sixt", kind="decision")
    assert page.errors == ["Nom : Choisissez une personne déjà connue, ou écrivez au moins un nom."]


@pytest.mark.covers("ORG-20")
def test_a_signature_out_of_a_valid_delegation_is_told(world):
    host = world["host"]
    with first_pool():
        erwan = person("Erwan", "Talhouarn", host, "it_agent")
    add = f"/fiches/delegations/ajouter/{host.pk}/"
    form = world.get(add)
    page = world.fill(
        add, delegate=form.choice("delegate", "Erwan Talhouarn"), granted_by="le président", act="arrêté n° 2026-31",
        scope="les actes courants du service", starts_on="10/04/2026", ends_on="31/12/2026",
    )  # fmt: skip
    assert page.terms("Fondements et signatures") == [
        ("Délégation à Erwan Talhouarn",
         "Les actes courants du service, donnée par le président (arrêté n° 2026-31), du 10 avril au 31 décembre 2026"),
    ]  # fmt: skip

    def asked(on, organization=host):
        return world.get("/signatures/", person=erwan.pk, organization=organization.pk, on=on).notices

    rest = "Faites signer une personne qui le peut, ou enregistrez la délégation sur la fiche :"
    assert asked("31/12/2026") == [
        "Valable. Erwan Talhouarn peut signer pour REDON Agglomération le 31 décembre 2026 : par délégation du président, "
        "pour les actes courants du service (arrêté n° 2026-31)."
    ]
    assert asked("01/01/2027") == [
        "Hors délégation. La délégation donnée à Erwan Talhouarn (arrêté n° 2026-31) a pris fin le 31/12/2026. "
        f"{rest} REDON Agglomération."
    ]
    assert asked("09/04/2026") == [
        "Hors délégation. La délégation donnée à Erwan Talhouarn (arrêté n° 2026-31) ne commence que le 10/04/2026. "
        f"{rest} REDON Agglomération."
    ]
    assert asked("01/05/2026", world["sixt"]) == [
        f"Hors délégation. Erwan Talhouarn n’a pas de délégation de signature pour Sixt-sur-Aff. {rest} Sixt-sur-Aff."
    ]
    with first_pool():
        assert Delegation.objects.unscoped().get().scope == "les actes courants du service"


def test_a_member_sees_its_own_people_and_those_of_the_gestionnaire_it_may_call(world):
    with first_pool():
        person("Ada", "Bihan", world["sixt"], "technical")
        loic = person("Loïc", "Ménager", world["allaire"], "mayor")
        person("Élise", "Morvan", world["host"], "president")
    world.sign_in("office")
    page = world.get("/personnes/")
    assert [row[0] for row in page.table("Les personnes")] == ["Ada Bihan", "Élise Morvan"]
    assert world.get(f"/personnes/{loic.pk}/").status == 404
    assert [row[0] for row in world.get("/personnes/", q="elise").table("Les personnes")] == ["Élise Morvan"]
    assert world.get("/personnes/", q="menager").main.all("table") == []


def test_a_member_does_not_see_who_left_the_gestionnaire_and_still_sees_its_own_who_left(world):
    yesterday, tomorrow = timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=1)
    with first_pool():
        left = person("Gwen", "Cadiou", world["host"], "it_agent")
        Role.objects.unscoped().filter(person=left).update(ends_on=yesterday)
        coming = person("Katell", "Daniel", world["host"], "it_agent", since=tomorrow)
        own = person("Ada", "Bihan", world["sixt"], "technical")
        Role.objects.unscoped().filter(person=own).update(ends_on=yesterday)
        both = person("Élise", "Morvan", world["host"], "vice_president")
        Role(person=both, organization=world["allaire"], kind="mayor", starts_on=date(2024, 1, 1)).save()
    world.sign_in("office")
    assert [row[:2] for row in world.get("/personnes/").table("Les personnes")] == [
        ["Ada Bihan", "aucun"], ["Élise Morvan", "Vice-président en charge, REDON Agglomération"],
    ]  # fmt: skip
    assert [world.get(f"/personnes/{one.pk}/").status for one in (left, coming, own, both)] == [404, 404, 200, 200]
    assert world.get(f"/personnes/{own.pk}/").table("Rôles passés")[0][:2] == ["Interlocuteur technique", "Sixt-sur-Aff"]
    assert "Allaire" not in world.get(f"/personnes/{both.pk}/").text
    assert world.get("/recherche/", q="cadiou").main.all("section") == []
    assert [row[0] for row in world.sign_in("director").get("/personnes/").table("Les personnes")] == [
        "Ada Bihan", "Gwen Cadiou", "Katell Daniel", "Élise Morvan",
    ]  # fmt: skip


def test_the_list_of_people_asks_for_as_many_queries_for_a_member_whatever_their_number(world):
    with first_pool():
        person("Ada", "Bihan", world["sixt"], "technical")
    world.sign_in("office")
    first = count_queries(world, "/personnes/")
    with first_pool():
        person("Loïc", "Ménager", world["sixt"], "mayor", "decision")
        person("Élise", "Morvan", world["host"], "president")
    assert (count_queries(world, "/personnes/"), first <= 8) == (first, True)


def test_people_are_sorted_as_a_dictionary_is(world):
    with first_pool():
        for last in ("Zola", "Émile", "eau", "Évrard", "Abgrall"):
            person("Ada", last, world["sixt"], "technical")
    names = [row[0] for row in world.get("/personnes/").table("Les personnes")]
    assert names == ["Ada Abgrall", "Ada eau", "Ada Émile", "Ada Évrard", "Ada Zola"]
    names = [row[0] for row in world.get("/personnes/", sort="-name").table("Les personnes")]
    assert names == ["Ada Zola", "Ada Évrard", "Ada Émile", "Ada eau", "Ada Abgrall"]


def test_erasing_a_person_empties_its_file_and_its_history_and_keeps_its_roles(world):
    with first_pool():
        ada = person("Ada", "Bihan", world["sixt"], "technical")
        ada.phone = "02 99 00 00 00"
        ada.save()
    path = f"/personnes/{ada.pk}/effacer/"
    page = world.post(path)
    assert (page.status, page.notices) == (
        422, ["Refusé. Ada Bihan est encore interlocuteur technique de Sixt-sur-Aff. Terminez ses rôles d’abord."],
    )  # fmt: skip
    with first_pool():
        Role.objects.unscoped().update(ends_on=date(2026, 1, 31))
    page = world.post(path)
    assert (page.title, page.messages) == ("Personnes", ["Fait. Ses données personnelles sont effacées."])
    with first_pool():
        ada = Person.objects.unscoped().get(pk=ada.pk)
        assert [ada.first_name, ada.last_name, ada.email, ada.phone, ada.search_text] == [""] * 5
        events = event_model(Person).objects.of(ada).values_list("first_name", "last_name", "email", "phone", "search_text")
        assert set(events) == {("", "", "", "", "")}
        assert Role.objects.unscoped().get(person=ada).organization == world["sixt"]
    assert "personne effacée" in world.get(f"/organisations/{world['sixt'].pk}/").text
    with first_pool():
        account(world, "finance", "Nolwenn Kerbrat", GrantRole.UNIT_MANAGER)
    assert world.sign_in("finance").post(path).status == 404
