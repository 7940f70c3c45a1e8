"""The names that go with a person who is erased: in signatures, in what documents are sent to; and those that stay."""

from datetime import date

import pytest
from django.utils import timezone

from communis.agreements.models import Document, DocumentRecipient, DocumentVisa, Signature, Step
from communis.agreements.operations import correcting, memberships
from communis.directory.models import Role
from communis.foundation.history import event_model
from factories.agreements import CLERK, agreement, asked, path
from factories.world import first_pool, person

pytestmark = pytest.mark.django_db


@pytest.mark.covers("MEM-05")
def test_erasing_a_person_empties_its_name_in_the_signatures_of_its_organizations_and_in_their_history(world):
    with first_pool():
        mayor = person("Ada", "Riou", world["sixt"], "mayor")
        Role.objects.unscoped().filter(person=mayor).update(ends_on=date(2026, 3, 20))
        of = agreement()
        mine, other = asked(world["sixt"], of), asked(world["allaire"], of)
        by = {"quality": "maire", "on": date(2023, 12, 20), "by": CLERK, "authority": "délibération n° 4"}
        memberships.sign(mine, "member", signatory="Ada Riou", **by)
        step = Step.objects.unscoped().get(membership=mine, kind="signed_member")
        correcting.remove_step(mine, step, reason="titre oublié", by=CLERK)
        memberships.sign(mine, "member", signatory="Mme RIOU Ada, maire", **by)
        memberships.sign(mine, "host", signatory="Ada Riou", **by | {"quality": "présidente"})
        memberships.sign(other, "member", signatory="Ada Riou", **by)
    where = f"/personnes/{mayor.pk}/effacer/"
    told = "Disparaît aussi Son nom, écrit ailleurs : membre, 20/12/2023."
    assert told in world.get(where).main.text
    assert world.post(where).messages == ["Fait. Ses données personnelles sont effacées."]
    with first_pool():
        rows = Signature.objects.unscoped().order_by("pk").values_list("membership", "party", "signatory")
        assert list(rows) == [
            (mine.pk, "member", ""), (mine.pk, "host", "Ada Riou"), (other.pk, "member", "Ada Riou"),
        ]  # fmt: skip
        events = event_model(Signature).objects.unscoped().filter(membership=mine.pk, party="member")
        assert set(events.values_list("signatory", flat=True)) == {""}
    assert [row[1] for row in world.get(path(mine)).terms("Signatures")] == [
        "personne effacée, maire délibération n° 4", "Ada Riou, présidente délibération n° 4",
    ]  # fmt: skip


@pytest.mark.covers("DOC-23")
def test_erasing_a_person_empties_its_name_on_drafts_and_tells_on_which_issued_documents_it_stays(world):
    with first_pool():
        mayor = person("Ada", "Riou", world["sixt"], "mayor")
        Role.objects.unscoped().filter(person=mayor).update(ends_on=date(2026, 3, 20))
        common = {"kind": "adhesion", "author": "x", "docx": "d", "pdf": "p"}
        issued = {"status": "issued", "issued_on": date(2026, 2, 1)}
        made = [
            Document(organization=world[of], title=title, made_at=timezone.now(), **common, **fields)
            for of, title, fields in (("sixt", "Projet de Sixt", {}), ("sixt", "Acte de Sixt", issued), ("allaire", "Projet", {}))
        ]  # fmt: skip
        for document in made:
            document.save()
            DocumentRecipient(document=document, name="Mme Ada Riou, maire").save()
            DocumentVisa(document=document, quality="validator", name="Ada Riou", on=date(2026, 1, 9)).save()
    where = f"/personnes/{mayor.pk}/effacer/"
    told = world.get(where).main.text
    assert "Son nom, écrit ailleurs : destinataire de « Projet de Sixt » ; validation de « Projet de Sixt »." in told
    assert (
        "Reste aussi Son nom, sur des documents émis, qui ne changent plus : destinataire de « Acte de Sixt » ; validation de "
        "« Acte de Sixt »."
    ) in told
    assert world.post(where).messages == ["Fait. Ses données personnelles sont effacées."]
    with first_pool():
        for model, name in ((DocumentRecipient, "Mme Ada Riou, maire"), (DocumentVisa, "Ada Riou")):
            rows = model.objects.unscoped().order_by("pk").values_list("name", flat=True)
            assert list(rows) == ["", name, name]
            events = event_model(model).objects.unscoped().order_by("pgh_id").values_list("document", "name")
            assert {name for document, name in events if document == made[0].pk} == {""}
    assert world.get(made[0].get_absolute_url()).main.text.count("personne effacée") == 2
