"""Acts and adhesions taken from a file: a service that exists is taken over in one go, refused as its pages would."""

from datetime import date

import pytest
from django.conf import settings

from communis.agreements.models import Membership, Resolution, Step
from factories.agreements import active, agreement
from factories.importing import apply, errors, list_of, send
from factories.world import first_pool

pytestmark = pytest.mark.django_db
ADHESIONS = (
    "Membre;Prise d’effet;Choix;Délibération n°;Séance du;Reçue en préfecture le;Publiée le;Signée par le membre le;"
    "Signataire du membre;Sa qualité;Signée par le gestionnaire le;Signataire du gestionnaire;"
    "Qualité du signataire du gestionnaire;Ce qui l’autorise\n"
)
SIXT = (
    "35328;01/01/2024;Groupements d’achats;2023-12-05;12/12/2023;15/12/2023;15/12/2023;18/12/2023;Ada Bihan;maire;20/12/2023;"
    "Yves Morel;président;délibération du 28/09/2022\n"
)
ALLAIRE = "Allaire;01/01/2025;Socle complet;;03/12/2024;;;;;;;;;\n"


@pytest.fixture(autouse=True)
def staged(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "COMMUNIS_STAGED", tmp_path / "imports")


def previewed(world, name, text):
    """Send a list; return the page that says what it would do."""
    return world.get(send(world.client, text, name))


@pytest.fixture
def redon(world):
    with first_pool():
        return agreement("redon")


@pytest.mark.covers("MEM-40", "INT-03")
def test_an_existing_service_is_taken_over_by_a_line_an_adhesion_with_its_act_its_choices_and_its_signatures(world, redon):
    preview = send(world.client, ADHESIONS + SIXT, "adhesions")
    page = world.get(preview)
    assert "1 adhésion sera reprise." in page.text
    with first_pool():
        assert Membership.objects.unscoped().count() == 0
    apply(world.client, preview)
    with first_pool():
        made = Membership.objects.unscoped().get()
        steps = [str(one) for one in Step.objects.unscoped().filter(membership=made).order_by("on", "id")]
        act = Resolution.objects.unscoped().get()
    assert (made.organization_id, made.effect_on, made.requested_on) == (world["sixt"].pk, date(2024, 1, 1), date(2023, 12, 12))
    assert (act.number, act.executory_on, act.agreement_id) == ("2023-12-05", date(2023, 12, 15), redon.pk)
    assert len(steps) == 5
    file = world.get(f"/adhesions/{made.pk}/")
    assert file.terms("Choix")[0] == ("Groupements d’achats", "à compter du 1er janvier 2024")
    assert file.terms("Signatures")[0] == (
        "Membre, 18 décembre 2023",
        "Ada Bihan, maire délibération n° 2023-12-05 du 12/12/2023",
    )
    again = previewed(world, "adhesions", ADHESIONS + SIXT).text
    assert "Rien à enregistrer" in again


@pytest.mark.covers("INT-03")
def test_the_adhesions_taken_away_and_imported_again_change_nothing(world, redon):
    with first_pool():
        active(world["sixt"], redon, "groupements")
        active(world["redon"], redon, "groupements", effect_on=date(2025, 1, 1))
    list_ = list_of(world.client, "adhesions").decode("utf-8-sig")
    assert [line.split(";")[0] for line in list_.splitlines()] == ["Membre", "Redon", "Sixt-sur-Aff"]
    assert "Rien à enregistrer" in previewed(world, "adhesions", list_).text


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize(("line", "told"), [
    (ALLAIRE,
     ("A", "L’adhésion d’Allaire ne peut pas prendre effet. Il manque : signature du membre (la convention se signe des deux "
      "parties) ; signature du gestionnaire (la convention se signe des deux parties).")),
    (SIXT.replace("Groupements d’achats", "Socle intégral"),
     ("C", "« Socle intégral » n’est pas une offre de la version 1.")),
    (SIXT.replace("20/12/2023", "20/02/2024"),
     ("B", "La convention donne effet à cette adhésion le 20/02/2024.")),
    (SIXT.replace("délibération du 28/09/2022", ""),
     ("A", "Dites ce qui autorise Yves Morel à signer pour le gestionnaire : l’acte, s’il est enregistré, ou ses "
      "références telles que la convention les écrit.")),
    (SIXT.replace("12/12/2023", "12/12/2099"),
     ("E", "La séance du 12/12/2099 n’est pas encore tenue : l’acte ne peut pas être « adopté ». Laissez-le « inscrit à l’ordre "
      "du jour » jusque-là, ou corrigez la date.")),
])  # fmt: skip
def test_what_the_convention_or_a_verb_refuses_of_an_adhesion_is_told_on_its_line_and_nothing_is_kept(world, redon, line, told):
    found = errors(world.client, send(world.client, ADHESIONS + SIXT.replace("35328", "Redon") + line, "adhesions"))
    assert found == [(3, *told)]
    with first_pool():
        assert (Membership.objects.unscoped().count(), Resolution.objects.unscoped().count()) == (0, 0)


@pytest.mark.covers("INT-03")
def test_acts_are_imported_with_their_votes_and_found_again_by_number_or_by_subject(world, redon):
    text = (
        "Collectivité;Numéro;Objet;Séance du;État;Votants;Pour;Contre;Reçu le;Publié le\n"
        "Sixt-sur-Aff;2023-12-05;Adhésion;12/12/2023;adopté;15;13;2;15/12/2023;16/12/2023\n"
        "Allaire;;Vœu pour la fibre;03/12/2024;adopté;;;;;\n"
    )
    apply(world.client, send(world.client, text, "actes"))
    with first_pool():
        first, second = Resolution.objects.unscoped().order_by("session_on")
    assert (first.votes_for, first.votes_against, first.executory_on) == (13, 2, date(2023, 12, 16))
    assert (second.organization_id, second.number, second.votes_for) == (world["allaire"].pk, "", None)
    assert "Rien à enregistrer" in previewed(world, "actes", text).text
    assert "Rien à enregistrer" in previewed(world, "actes", list_of(world.client, "actes")).text
    page = previewed(world, "actes", text.replace(";13;2;", ";14;1;"))
    assert "Pour : 13 devient 14" in page.text


@pytest.mark.covers("SEC-01", "INT-03")
def test_an_office_imports_the_acts_of_its_council_alone_and_no_adhesion(world, redon):
    world.sign_in("office")
    assert world.get("/importer/adhesions/").status == 404
    text = "Collectivité;Objet;Séance du\nSixt-sur-Aff;Adhésion;12/12/2023\nAllaire;Adhésion;12/12/2023\n"
    assert [(line, column) for line, column, _ in errors(world.client, send(world.client, text, "actes"))] == [(3, "A")]
