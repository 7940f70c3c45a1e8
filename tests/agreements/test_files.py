"""Files attached to records: who attaches, who reads, what is refused, what is logged."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from communis.agreements.enums import FileAudience, FileKind
from communis.agreements.models import Agreement, Attachment, Dispute, FileReading, Membership, Resolution, StaffFile, Version
from communis.agreements.operations import files as operations
from communis.agreements.operations.acts import record_act
from communis.agreements.operations.amendments import amend
from communis.foundation import files
from communis.kit.refusals import Refusal
from factories.versions import in_force, joined
from factories.world import count_queries, first_pool

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nsigned\n"
DIGEST = hashlib.sha256(PDF).hexdigest()
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def act(world, name="sixt", **given):
    with first_pool():
        return record_act(Resolution(organization=world[name], **({"subject": "Adhésion", "number": "1"} | given)))


def agreement():
    made = Agreement(name="Service commun", short_name="Service commun")
    made.save()
    return made


def agent(world):
    with first_pool():
        made = StaffFile(organization=world["sixt"], agreement=agreement(), agent="Mme Adèle Abgrall", status="permanent",
                         move="transfer", functions="support", starts_on=date(2026, 1, 1))  # fmt: skip
        made.save()
    return made


def attach(holder, audience=FileAudience.BOTH, data=PDF, name="acte.pdf"):
    with first_pool():
        return operations.attach(holder, data=data, name=name, kind=FileKind.SIGNED, audience=audience, by="Erwan", at=AT)


def sent(name="acte signé.pdf", data=PDF):
    return SimpleUploadedFile(name, data)


@pytest.mark.covers("DOC-24")
def test_a_file_is_attached_shown_with_its_digest_and_given_back(world):
    made = act(world)
    page = world.fill(f"/actes/{made.pk}/joindre/", file=sent(), kind="stamped", audience="both")
    assert page.messages == ["Fait. Le fichier est joint."]
    (row,) = page.table("Fichiers joints")
    assert (row[0], row[1:3], row[4]) == (
        "acte signé.pdf 16 octets",
        ["acte tamponné", "le membre et le gestionnaire"],
        DIGEST[:12],
    )
    with first_pool():
        kept = Attachment.objects.unscoped().get()
    assert (kept.digest, kept.size, kept.media, kept.added_by) == (DIGEST, 16, "application/pdf", "Erwan Talhouarn")
    answer = world.client.get(f"/fichiers/{kept.pk}/")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, PDF, "application/pdf")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''acte%20sign%C3%A9.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.covers("DOC-24")
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("acte.pdf", b"MZ\x90\x00", "Le contenu de « acte.pdf » n’est pas d’un genre que le service garde : PDF, PNG, JPEG, Word "
         "(.docx), Excel (.xlsx), OpenDocument (.odt, .ods), texte (.txt, .csv), sans macro. Convertissez-le en PDF."),
        ("acte.docx", PDF, "« acte.docx » ne contient pas ce que dit son nom : son contenu est celui d’un fichier .pdf. "
         "Renommez-le."),
        ("page.txt", b"<html>", "Le contenu de « page.txt » n’est pas d’un genre que le service garde : PDF, PNG, JPEG, Word "
         "(.docx), Excel (.xlsx), OpenDocument (.odt, .ods), texte (.txt, .csv), sans macro. Convertissez-le en PDF."),
    ],
)  # fmt: skip
def test_a_file_that_is_not_kept_is_refused_by_its_content(world, name, data, said):
    page = world.fill(f"/actes/{act(world).pk}/joindre/", file=sent(name, data), kind="other", audience="both")
    assert (page.status, page.errors) == (422, [said])
    with first_pool():
        assert Attachment.objects.unscoped().count() == 0


def test_a_file_too_heavy_is_refused(world, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(Refusal, match=r"« acte\.pdf » est trop lourd : un fichier joint pèse 0 Mo au plus"):
        attach(act(world))


def test_a_name_is_made_one_that_every_system_keeps(world):
    made = act(world)
    assert attach(made, name='..\\..\\a/b<c>"d\x00.PDF').name == "a b c d.pdf"


@pytest.mark.covers("DOC-24")
def test_each_audience_reads_its_files_and_no_other(world):
    own, others = act(world), act(world, "redon")
    made = {
        "pool": attach(others, FileAudience.POOL), "both": attach(others, FileAudience.BOTH),
        "host": attach(own, FileAudience.HOST),
        "own": attach(own, FileAudience.BOTH), "staff": attach(agent(world), FileAudience.STAFF),
    }  # fmt: skip

    def read():
        return [name for name, one in made.items() if world.client.get(f"/fichiers/{one.pk}/").status_code == 200]

    found = {who: (world.sign_in(who), read())[1] for who in ("director", "technician", "auditor", "office", "elected")}
    assert found == {
        "director": ["pool", "both", "host", "own", "staff"], "technician": ["pool", "both", "host", "own"],
        "auditor": ["pool", "both", "host", "own", "staff"], "office": ["pool", "own", "staff"], "elected": ["pool"],
    }  # fmt: skip


def test_who_reads_a_file_of_the_staff_is_written_down_for_good(world):
    kept = attach(agent(world), FileAudience.STAFF, name="fiche.pdf")
    attach(act(world))
    world.sign_in("office").client.get(f"/fichiers/{kept.pk}/")
    page = world.sign_in("director").get("/fichiers/lectures/")
    assert [row[:3] for row in page.table("Les lectures")] == [["fiche.pdf", "Sixt-sur-Aff", "Maëlle Corbinaud"]]
    with first_pool():
        row = FileReading.objects.unscoped().get()
        assert (row.attachment, row.digest) == (kept.pk, DIGEST)
        for change in (
            lambda: FileReading.objects.unscoped().update(read_by="x"),
            lambda: FileReading.objects.unscoped().delete(),
        ):
            with pytest.raises(Exception, match=r"permission denied|never change"), transaction.atomic():
                change()
    assert world.sign_in("office").get("/fichiers/lectures/").status == 404


def test_the_list_of_readings_asks_as_much_whatever_the_number_of_rows(world):
    kept = attach(agent(world), FileAudience.STAFF)
    world.client.get(f"/fichiers/{kept.pk}/")
    one = count_queries(world, "/fichiers/lectures/")
    for _ in range(3):
        world.client.get(f"/fichiers/{kept.pk}/")
    assert (count_queries(world, "/fichiers/lectures/"), one <= 8) == (one, True)


def test_files_are_attached_to_each_kind_of_record_by_whoever_keeps_it(world):
    with first_pool():
        where = agreement()
        version = Version(agreement=where, label="2")
        version.save()
        membership = Membership(organization=world["sixt"], agreement=where, requested_on=date(2026, 1, 5))
        membership.save()
    paths = [f"/adhesions/{membership.pk}/joindre/", f"/conventions/versions/{version.pk}/joindre/"]
    assert [world.get(path).status for path in paths] == [200, 200]
    assert [world.get(path).choices("audience") for path in paths] == [
        ["le membre et le gestionnaire", "tous les membres", "le gestionnaire seul"],
        ["tous les membres", "le gestionnaire seul"],
    ]  # fmt: skip
    assert [world.sign_in("office").get(path).status for path in paths] == [200, 404]
    assert world.get(paths[0]).choices("audience") == ["le membre et le gestionnaire", "tous les membres"]
    assert [world.sign_in("elected").get(path).status for path in paths] == [404, 404]


@pytest.mark.parametrize("audience", ["pool", "staff"])
def test_a_file_is_not_shown_to_more_people_than_its_record(world, audience):
    with pytest.raises(Refusal):
        attach(act(world, "host", state="draft"), audience)
    with pytest.raises(Refusal):
        attach(agent(world), "both")


def test_a_file_is_removed_and_its_history_stays(world):
    made = act(world)
    kept = attach(made)
    page = world.fill(f"/fichiers/{kept.pk}/retirer/")
    assert page.messages == ["Fait. « acte.pdf » est retiré."]
    assert world.get(f"/fichiers/{kept.pk}/").status == 404
    with first_pool():
        assert files.read(1, DIGEST) == PDF
    assert world.sign_in("elected").get(f"/fichiers/{attach(made).pk}/retirer/").status == 404


def test_bytes_that_the_store_lost_are_told(world, tmp_path, settings):
    made = act(world)
    kept = attach(made)
    settings.COMMUNIS_FILES = tmp_path
    page = world.get(f"/fichiers/{kept.pk}/")
    assert (page.status, page.url) == (302, f"/actes/{made.pk}/")
    assert world.get(page.url).messages == [
        "Refusé. « acte.pdf » ne peut pas être lu : le dossier des fichiers ne contient plus les octets de cette empreinte "
        f"({DIGEST[:12]}…). L’administrateur les retrouve dans une sauvegarde."
    ]


def test_a_file_belongs_to_one_record(world):
    made = act(world)
    with first_pool(), pytest.raises(IntegrityError), transaction.atomic():
        Attachment(organization=world["sixt"], name="x.pdf", kind="other", digest=DIGEST, size=1, media="application/pdf",
                   added_by="x", added_at=AT, resolution=made, version_id=1).save()  # fmt: skip


@pytest.mark.covers("DOC-24")
def test_files_are_attached_to_conventions_amendments_memberships_and_disputes_and_shown_on_their_pages(world):
    with first_pool():
        version = in_force("redon", world["host"], date(2022, 9, 1), short_name="commun")
        amendment = amend(version, number="1", subject="Prix")
        member = joined(world["sixt"], version, date(2023, 1, 1))
        dispute = Dispute(membership=member, subject="Facture de mars", opened_on=date(2026, 3, 1))
        dispute.save()
        of = version.agreement
    for path, audience, page_of in (
        (f"/conventions/{of.pk}/joindre/", "pool", of), (f"{version.get_absolute_url()}joindre/", "pool", version),
        (f"{amendment.get_absolute_url()}joindre/", "host", amendment),
        (f"{member.get_absolute_url()}joindre/", "both", member), (f"/differends/{dispute.pk}/joindre/", "both", member),
    ):  # fmt: skip
        page = world.fill(path, file=sent(), kind="letter", audience=audience)
        assert page.messages == ["Fait. Le fichier est joint."]
        assert page.table("Fichiers joints")[0][4] == DIGEST[:12], page_of
    held = [row[0] for row in world.get(member.get_absolute_url()).table("Fichiers joints")]
    assert held == ["acte signé.pdf 16 octets, Facture de mars", "acte signé.pdf 16 octets"]
    refused = world.fill(f"{amendment.get_absolute_url()}joindre/", file=sent(), kind="letter", audience="pool")
    assert refused.errors == [
        "Cette fiche est un projet que tous les membres ne lisent pas : joignez ce fichier pour un public plus étroit."
    ]
    world.sign_in("elected")  # of another member
    assert len(world.get(of.get_absolute_url()).table("Fichiers joints")) == 1
    assert world.get(member.get_absolute_url()).status == 404


def test_who_reads_the_trail_is_led_to_the_readings_of_the_files_of_the_staff(world):
    one = agent(world)
    attach(one, FileAudience.STAFF)
    page = world.get(one.get_absolute_url())
    assert page.links["Qui a lu ces fichiers"] == "/fichiers/lectures/"
    assert world.get("/agents/").links["Lectures des fichiers"] == "/fichiers/lectures/"
    assert world.get("/acces/").links["Lectures de fichiers"] == "/fichiers/lectures/"
    world.sign_in("office")
    assert "Qui a lu ces fichiers" not in world.get(one.get_absolute_url()).links
