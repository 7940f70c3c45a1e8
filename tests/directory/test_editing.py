"""Forms: two people on one row, what a refusal keeps, removing and putting back, and the history that tells it all."""

import pytest

from communis.directory.models import Organization, Site
from factories.world import first_pool

pytestmark = pytest.mark.django_db


def test_what_somebody_else_changed_meanwhile_is_told_and_not_overwritten_unknowingly(world):
    path = f"/fiches/organisations/{world['sixt'].pk}/modifier/"
    mine = world.get(path).fields
    world.sign_in("office").fill(path, phone="02 99 70 00 01")
    world.sign_in("director")
    page = world.post(path, **{**mine, "email": "mairie@sixt.example", "phone": "02 99 70 00 02"})
    assert (page.status, page.errors) == (
        422,
        ["Cette fiche a changé pendant que vous la remplissiez. Maëlle Corbinaud a modifié téléphone : vide devient "
         "« 02 99 70 00 01 ». Rien n’est enregistré : vérifiez votre saisie, puis enregistrez de nouveau pour la garder."],
    )  # fmt: skip
    assert (page.fields["email"], page.fields["phone"]) == ("mairie@sixt.example", "02 99 70 00 02")
    with first_pool():
        assert Organization.objects.unscoped().get(pk=world["sixt"].pk).email == ""
    page = world.post(path, **page.fields)
    assert page.messages == ["Fait. C’est enregistré."]
    with first_pool():
        found = Organization.objects.unscoped().get(pk=world["sixt"].pk)
    assert (found.email, found.phone) == ("mairie@sixt.example", "02 99 70 00 02")


def test_a_refusal_for_another_reason_does_not_forget_the_version(world):
    path = f"/fiches/organisations/{world['sixt'].pk}/modifier/"
    mine = world.get(path).fields
    world.sign_in("office").fill(path, phone="02 99 70 00 01")
    page = world.sign_in("director").post(path, **{**mine, "siren": "1"})
    assert page.errors[0].startswith("Cette fiche a changé") or page.errors == ["SIREN : Un SIREN a neuf chiffres."]
    page = world.post(path, **{**mine, "name": ""})
    assert page.errors == ["Nom : à remplir."]
    assert page.fields["version"] == mine["version"]


def test_the_history_tells_before_after_and_who(world):
    path = f"/fiches/organisations/{world['sixt'].pk}/modifier/"
    world.fill(path, phone="02 99 70 00 01")
    world.sign_in("office").fill(path, phone="02 99 70 00 02")
    page = world.get(f"/organisations/{world['sixt'].pk}/")
    history = page.links["Historique"]
    assert world.history(history)[:2] == [
        ["Modifié", "par Maëlle Corbinaud", "Téléphone | 02 99 70 00 01 | 02 99 70 00 02"],
        ["Modifié", "par Erwan Talhouarn", "Téléphone | sans objet | 02 99 70 00 01"],
    ]
    assert world.get(f"/historique/organisations/{world['allaire'].pk}/").status == 404
    assert world.sign_in("elected").get(history).status == 404


def test_what_is_removed_is_put_back_at_once_with_its_history(world):
    add = f"/fiches/sites/ajouter/{world['sixt'].pk}/"
    world.fill(add, kind="school", name="École du Bois Vert", connection="copper", speed="20")
    with first_pool():
        site = Site.objects.unscoped().get()
    page = world.get(f"/fiches/sites/{site.pk}/retirer/")
    assert (page.title, page.sentence) == (
        "Retirer le site", "« École du Bois Vert ». Son historique reste, et vous pourrez le remettre aussitôt.",
    )  # fmt: skip
    page = world.post(f"/fiches/sites/{site.pk}/retirer/")
    assert (page.title, page.messages) == ("Sixt-sur-Aff", ["Fait. « École du Bois Vert » est retiré. Annuler"])
    assert "École du Bois Vert" not in page.section("Sites").text
    undo = page.main.all("form", class_="inline")[0].attrs["action"]
    assert world.sign_in("elected").post(undo).status == 404
    page = world.sign_in("office").post(undo)
    assert page.messages == ["Fait. « École du Bois Vert » est remis."]
    assert page.table("Sites")[0][:3] == ["École du Bois Vert", "École publique", "cuivre, 20 Mbit/s"]
    with first_pool():
        assert Site.objects.unscoped().get().pk == site.pk
    assert world.post(undo).status == 404  # it is there
    events = [event[0] for event in world.history(f"/historique/sites/{site.pk}/")]
    assert events == ["Créé", "Supprimé", "Créé"]


def test_what_others_refer_to_is_not_removed(world):
    page = world.post(f"/fiches/organisations/{world['host'].pk}/retirer/")
    assert page.status == 200  # nothing refers to it
    with first_pool():
        Site(organization=world["sixt"], kind="school", name="École").save()
    page = world.post(f"/fiches/organisations/{world['sixt'].pk}/retirer/")
    assert (page.status, page.notices) == (
        422,
        ["Refusé. « Sixt-sur-Aff » ne peut pas être retiré : 1 site, 1 droit d’accès. Retirez d’abord ce qui s’y rapporte, "
         "ou donnez-lui une fin."],
    )  # fmt: skip
