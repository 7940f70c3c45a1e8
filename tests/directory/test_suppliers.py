"""Suppliers: typed, with their contacts, their contracts, and the labels they hold."""

import pytest
from django.utils import timezone

from communis.directory.models import Supplier
from factories.world import first_pool

pytestmark = pytest.mark.django_db


@pytest.mark.covers("ORG-17")
def test_a_supplier_has_a_type_contacts_contracts_and_dated_labels(world):
    path = "/fiches/fournisseurs/ajouter/"
    form = world.get(path)
    assert form.choices("kind")[1:] == [
        "éditeur", "constructeur", "opérateur", "infogéreur local", "prestataire", "centrale d’achats",
    ]  # fmt: skip
    world.fill(path, name="RESAH", kind=form.choice("kind", "centrale d’achats"))
    page = world.fill(path, name="Atelier Numérique de l’Oust", kind=form.choice("kind", "infogéreur local"), siren="213 502 362")
    assert (page.title, page.sentence) == ("Atelier Numérique de l’Oust", "Infogéreur local.")
    links = page.links
    world.fill(links["Ajouter un contact"], first_name="Lena", last_name="Riou", email="lena@oust.example", function="commerce")
    world.fill(links["Ajouter un contrat"], reference="2025-07", subject="infogérance des mairies", starts_on="01/07/2025",
               ends_on="30/06/2029")  # fmt: skip
    world.fill(links["Ajouter un label"], name="ExpertCyber", starts_on="15/01/2025", ends_on="14/01/2099")
    page = world.fill(links["Ajouter un label"], name="Numérique responsable", starts_on="01/01/2020", ends_on="31/12/2022")
    assert page.terms("Contacts") == [("Lena Riou", "commerce lena@oust.example")]
    assert page.terms("Contrats") == [("2025-07", "infogérance des mairies, du 1er juillet 2025 au 30 juin 2029")]
    assert page.terms("Labels") == [
        ("ExpertCyber", "du 15 janvier 2025 au 14 janvier 2099"),
        ("Numérique responsable", "du 1er janvier 2020 au 31 décembre 2022 échu"),
    ]
    page = world.get("/fournisseurs/")
    assert page.table("Les fournisseurs") == [
        ["Atelier Numérique de l’Oust", "infogéreur local", "213502362", "ExpertCyber", "non renseigné"],
        ["RESAH", "centrale d’achats", "non renseigné", "aucun", "non renseigné"],
    ]
    assert [row[0] for row in world.get("/fournisseurs/", kind="central").table("Les fournisseurs")] == ["RESAH"]
    page = world.fill(links["Ajouter un contrat"], reference="2025-07", subject="autre", starts_on="01/07/2025")
    assert page.errors == ["Un contrat de ce fournisseur porte déjà cette référence."]
    assert world.fill(path, name="Faux", kind="maker", siren="213502363").errors == [
        "SIREN : « 213502363 » n’est pas un SIREN : sa clé est fausse. Relisez les neuf chiffres."
    ]
    with first_pool():
        oust = Supplier.objects.unscoped().get(name="Atelier Numérique de l’Oust")
    page = world.post(f"/fiches/fournisseurs/{oust.pk}/retirer/")
    assert page.notices == [
        "Refusé. « Atelier Numérique de l’Oust » ne peut pas être retiré : 1 personne, 2 labels, 1 contrat. "
        "Retirez d’abord ce qui s’y rapporte, ou donnez-lui une fin."
    ]
    world.sign_in("office")
    assert [world.get(p).status for p in ("/fournisseurs/", f"/fournisseurs/{oust.pk}/")] == [404, 404]
    assert timezone.localdate().year < 2099
