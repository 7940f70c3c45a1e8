"""Documents made ready: the words of the file are the values, no variable is left, the reading copy is accessible."""

import io
import re
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import docx
import pytest
from pypdf import PdfReader

from communis.agreements.documents.ending import of_departure
from communis.agreements.documents.parties import articles_of
from communis.agreements.documents.values import Typed, of_amendment, of_membership, of_staff_file
from communis.agreements.documents.word import default_template, placed_by
from communis.agreements.models import (
    AnnexedTable,
    CommitteeOpinion,
    Document,
    ExitCost,
    SharedGood,
    Signature,
    StaffFile,
    Version,
)
from communis.agreements.operations.amendments import Changed, amend
from communis.agreements.operations.documents import About, add_template, issue, make
from communis.directory.models import Post, Unit, WorkShare
from communis.foundation import files
from communis.foundation.scope import current_pool
from communis.kit.refusals import Refusal
from factories.agreements import active, agreement, asked
from factories.papers import cells_of, chosen, leaving, printed, spaced, words_of
from factories.versions import CLERK, act, in_force
from factories.world import first_pool

pytestmark = pytest.mark.django_db

TYPED = Typed(date(2024, 11, 14), "Ada Riou", "Jeanne Corbel", "Loïc Bihan", court="Rennes")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.COMMUNIS_FILES = tmp_path / "files"


TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def text_of(document, tmp_path):
    """The words of the DOCX, as LibreOffice reads them."""
    source = tmp_path / "made.docx"
    source.write_bytes(files.read(current_pool(), document.docx))
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    wanted = ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(source)]
    command = ["soffice", profile, "--headless", *wanted]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = (tmp_path / "made.txt").read_text("utf-8-sig")
    return spaced(text)


def tags_of(reader):
    """The kinds of the structure of a PDF, in order."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif hasattr(node, "get"):
            if "/S" in node:
                found.append(node["/S"])
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


@pytest.mark.covers("DOC-12", "DOC-22")
def test_the_draft_of_an_act_of_adhesion_says_the_choices_the_costs_with_their_formulas_and_the_decisions(pool, tmp_path):
    member = chosen(pool, "socle_complet")
    values = of_membership("adhesion", member, TYPED, date(2025, 1, 2))
    cost = values.fields["couts"][0]
    assert [spaced(cost[name]) for name in ("ligne", "exercice", "montant")] == [
        "Socle complet, contribution annuelle", "2025", "5 394,50 €",
    ]  # fmt: skip
    assert "1,50" in cost["formule"]
    made = make(values, About(member.organization, membership=member), by=CLERK)
    assert (made.blanks, made.number, made.status) == ([], 1, "draft")
    text = text_of(made, tmp_path)
    assert "{" not in text
    assert "[à compléter" not in text
    for words in (
        "Sixt-sur-Aff Projet de délibération d’adhésion : Sixt-sur-Aff", "Séance du 14 novembre 2024. Rapporteur : Ada Riou",
        "Vu le code général des collectivités territoriales, notamment son article L. 5211-4-2,",
        "Socle complet, contribution annuelle art. 7.1 2025 5 394,50 €", "1er janvier 2025",
        "APPROUVE l’adhésion à la convention « Service commun des systèmes d’information ».",
        "AUTORISE Jeanne Corbel à signer la convention avec REDON Agglomération et tout document afférent.",
    ):  # fmt: skip
        assert words in text
    put_in = [
        *values.fields["decisions"],
        *values.fields["expose"],
        *(cell for row in values.fields["couts"] for cell in row.values()),
    ]
    assert [said for said in put_in if spaced(said) not in text] == []


@pytest.mark.covers("DOC-12")
def test_an_act_is_drafted_for_a_change_a_renewal_and_a_vote_on_an_amendment(pool):
    member = chosen(pool, "audit")
    member.ends_on, member.end_cause = date(2026, 6, 30), "term"
    member.save()
    decided = {}
    wanting = replace(TYPED, wanted=dict.fromkeys(("audit", "groupements"), date(2026, 1, 1)),
                      changes_on=date(2026, 1, 1))  # fmt: skip
    for kind in ("change", "renewal"):
        made = make(
            of_membership(kind, member, wanting, date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
        )
        decided[kind] = next(words for words in words_of(made) if words.startswith("DÉCIDE"))
    name = "la convention « Service commun des systèmes d’information »"
    assert decided == {
        "change": "DÉCIDE de prendre, à compter du 1er janvier 2026 : « Audit », « Groupements d’achats ».",
        "renewal": f"DÉCIDE de renouveler son adhésion à {name} à compter du 1er juillet 2026.",
    }
    amendment = amend(in_force("sidec", pool["host"], date(2023, 11, 25)), number="1", subject="Prix", reason="Les coûts.")
    made = make(of_amendment("amendment_vote", amendment, TYPED), About(pool["host"], amendment=amendment), by=CLERK)
    assert "APPROUVE l’avenant n° 1 à la convention « Mise à disposition de la DITIC du SIDEC »." in words_of(made)


@pytest.mark.covers("DOC-13")
def test_the_convention_has_its_articles_the_ticked_form_two_signatures_and_the_history_of_versions(pool, tmp_path):
    member = chosen(pool, "audit", "groupements")
    made = make(
        of_membership("convention", member, TYPED, date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
    )
    text = text_of(made, tmp_path)
    assert "2.3.1 Modalités d’adhésion au service commun" in text
    assert re.findall(r"[☒☐] [^☒☐]*?(?=1er janvier 2025|☒|☐|Date)", text)[:3] != []
    assert text.count("☒") == 2
    assert cells_of(made)[-2:] == [
        ["REDON Agglomération", "Loïc Bihan", "", "", ""], ["Sixt-sur-Aff", "Jeanne Corbel", "", "", ""],
    ]  # fmt: skip
    assert "2 DSI 1er septembre 2022 approuvé" in text


@pytest.mark.covers("DOC-13", "MEM-05")
def test_the_convention_names_its_parties_and_takes_the_signatures_that_are_recorded(pool):
    member = chosen(pool, "audit")
    about = About(member.organization, membership=member)
    vote = act(pool["sixt"], date(2024, 12, 5), number="2024-31")
    both = (("member", "Jeanne Corbel", "maire", {"decided_by": vote}),
            ("host", "Loïc Bihan", "président", {"authority": "CC_2020_77"}))  # fmt: skip
    for party, who, quality, by in both:
        Signature(membership=member, party=party, signatory=who, quality=quality, on=date(2024, 12, 20), **by).save()
    made = make(of_membership("convention", member, Typed(), date(2025, 1, 2)), about, by=CLERK)
    words = words_of(made)
    assert words[words.index("Entre") + 1 :][:2] == [
        "REDON Agglomération, SIREN 243500741, ayant pour représentant Loïc Bihan, président, en vertu de l’acte suivant : "
        "CC_2020_77",
        "Sixt-sur-Aff, SIREN 213503287, ayant pour représentant Jeanne Corbel, maire, en vertu de l’acte suivant : "
        "délibération n° 2024-31 du 05/12/2024",
    ]
    assert cells_of(made)[-2:] == [
        ["REDON Agglomération", "Loïc Bihan", "président", "20 décembre 2024", ""],
        ["Sixt-sur-Aff", "Jeanne Corbel", "maire", "20 décembre 2024", ""],
    ]
    assert (made.blanks, "Jeanne Corbel maire 20 décembre 2024" in printed(made)) == ([], True)
    numbers = [words.partition(" ")[0] for words in words_of(made)]
    assert [one for one in numbers if one.startswith(("historique", "délibération.", "(", "passage"))] == []


@pytest.mark.covers("DOC-13")
def test_two_places_to_sign_stand_when_nobody_is_known_to_sign(pool):
    member = chosen(pool, "audit")
    values = of_membership("convention", member, Typed(), date(2025, 1, 2))
    made = make(values, About(member.organization, membership=member), by=CLERK)
    assert made.blanks == ["signataires"]
    assert cells_of(made)[-2:] == [
        ["REDON Agglomération", "[à compléter : signataires]", "", "", ""],
        ["Sixt-sur-Aff", "[à compléter : signataires]", "", "", ""],
    ]


@pytest.mark.covers("DOC-13")
def test_a_text_without_numbered_articles_prints_its_passages_by_their_titles(pool):
    version = in_force("sicoval", pool["host"], date(2022, 9, 1))
    assert [(one["numero"], one["titre"]) for one in articles_of(version)][:2] == [
        ("", "Trois niveaux de prestation de services"), ("", "Contribution annuelle des communes volontaires"),
    ]  # fmt: skip


@pytest.mark.covers("DOC-13", "DOC-14")
def test_a_text_prints_its_unnumbered_passages_among_its_articles_in_its_order(pool):
    amendment = amend(in_force("nimes_metropole", pool["host"], date(2022, 4, 4)), number="7", subject="Clé")
    made = make(of_amendment("amendment", amendment, TYPED), About(pool["host"], amendment=amendment), by=CLERK)
    wanted = [
        "7.2 Choix des parties mises en commun", "Missions fonctionnelles mises en commun",
        "4.2.2 Cas spécifiques dans la répartition des charges", "Objet de l’avenant n° 6", "Vote de la convention cadre",
        "Clé unique",
    ]  # fmt: skip
    read = printed(made)
    assert [one for one in words_of(made) if one in wanted] == wanted
    assert sorted(wanted, key=read.index) == wanted


def test_a_date_holds_in_its_column(pool):
    member = chosen(pool, "audit")
    values = of_membership("convention", member, Typed(), date(2025, 1, 2))
    made = make(values, About(member.organization, membership=member), by=CLERK)
    read = docx.Document(io.BytesIO(files.read(current_pool(), made.docx)))
    for table in read.tables:
        dated = [cell for row in table.rows for cell in row.cells if re.fullmatch(r"\d+(er)?\W\w+\W\d{4}", cell.text)]
        assert {
            round(cell.width.cm, 1) >= 4.2 and cell.width in [one.width for one in table.columns] and " " not in cell.text
            for cell in dated
        } <= {True}


@pytest.mark.covers("DOC-22")
def test_what_is_blank_is_listed_before_issue_and_seen_in_the_document(pool, tmp_path):
    member = chosen(pool)
    made = make(
        of_membership("adhesion", member, Typed(), date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
    )
    assert made.blanks == [
        "date de la séance", "rapporteur", "décisions", "tribunal administratif", "choix des prestations", "coûts", "total",
    ]  # fmt: skip
    assert "Séance du [à compléter : date de la séance]. Rapporteur : [à compléter : rapporteur]" in text_of(made, tmp_path)
    with pytest.raises(Refusal, match="7 mentions sont à compléter : date de la séance, rapporteur"):
        issue(made, by=CLERK)
    assert issue(made, by=CLERK, knowingly=True).status == "issued"
    again = make(
        of_membership("adhesion", member, TYPED, date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
    )
    assert again.number == 2
    issue(again, by=CLERK, knowingly=True)
    made.refresh_from_db()
    assert made.status == "replaced"
    with pytest.raises(Refusal, match="est déjà remplacé"):
        issue(made, by=CLERK)


def test_a_pole_taken_whole_is_paid_by_the_lines_of_its_services_and_is_not_said_to_have_none(pool):
    made = active(pool["sixt"], agreement("sidec", starts_on=date(2023, 11, 25)), "pôle_sic")
    values = of_membership("adhesion", made, Typed(), date(2025, 1, 2))
    assert [row["ligne"] for row in values.fields["couts"]] == [
        f"Forfait annuel du service, {one}" for one in (
            "Système", "Accompagnement technique d’un adhérent sur son site", "Sécurité informatique",
            "Équipements des écoles en outils numériques (TICE)",
        )
    ]  # fmt: skip


@pytest.mark.covers("DOC-14")
def test_an_amendment_prints_its_changes_and_its_consolidated_text_and_a_note_comes_from_it(pool, tmp_path):
    version = in_force("redon", pool["host"], date(2022, 9, 1))
    changes = [Changed("tariff", "7.1", "Le prix passe à 1,60 €.")]
    amendment = amend(version, number="1", subject="Prix", reason="Les coûts ont augmenté.", changes=changes)
    amendment.makes.tariff = amendment.makes.tariff.replace("1,50 €/hab", "1,60 €/hab")
    amendment.makes.save()
    about = About(pool["host"], amendment=amendment)
    text = text_of(make(of_amendment("amendment", amendment, TYPED), about, by=CLERK), tmp_path)
    assert "tarif modifié 7.1 Le prix passe à 1,60 €." in text
    assert "2.4 Modalités de résiliation" in text
    note = make(of_amendment("memo", amendment, TYPED), about, by=CLERK)
    assert (note.blanks, "Les coûts ont augmenté." in text_of(note, tmp_path)) == ([], True)


@pytest.mark.covers("DOC-13", "DOC-14", "MEM-11", "SEC-10", "ORG-15")
def test_the_convention_and_an_avenant_print_the_preamble_the_data_clause_its_measures_and_the_table_of_the_etp(pool, tmp_path):
    member = chosen(pool, "audit")
    amendment = amend(in_force("sidec", pool["host"], date(2023, 11, 25)), number="1", subject="Données")
    unit = Unit(name="Infrastructure")
    unit.save()
    post = Post(unit=unit, title="Réseaux", quotity=Decimal("1.00"), starts_on=date(2024, 1, 1))
    post.save()
    WorkShare(post=post, year=2026, brick="Internet", fte=Decimal("1.00")).save()
    for label in ("2", "avenant n° 1"):
        version = Version.objects.unscoped().get(label=label)
        version.preamble, version.data_role = "Vu l’intérêt commun.", "processor"
        version.data_clause, version.data_measures = "Le gestionnaire traite les données sur instruction.", "Chiffrement."
        version.save()
        AnnexedTable(version=version, year=2026).save()
    amendment.makes.refresh_from_db()
    made = (
        make(
            of_membership("convention", member, TYPED, date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
        ),
        make(of_amendment("amendment", amendment, TYPED), About(pool["host"], amendment=amendment), by=CLERK),
    )
    for one, label in zip(made, ("2", "avenant n° 1"), strict=True):
        for text in (text_of(one, tmp_path), printed(one)):
            assert "Vu l’intérêt commun." in text
            assert (
                f"Traitement des données personnelles, version {label} Le gestionnaire est sous-traitant du membre. "
                "Le gestionnaire traite les données sur instruction. Annexe : mesures de sécurité Chiffrement."
            ) in text
            assert "2026 Internet Réseaux 1,00 1,00 2026 Total 1,00" in text
    assert [one.blanks for one in made] == [[], []]
    assert [row for row in cells_of(made[1]) if row[0] == "clause modifiée"] == [
        ["clause modifiée", "Préambule", "Le préambule est ajouté."],
        ["clause modifiée", "Rôle du gestionnaire pour les données personnelles",
         "Le rôle du gestionnaire pour les données personnelles est ajouté."],
        ["clause modifiée", "Clause de traitement des données", "La clause de traitement des données est ajoutée."],
        ["clause modifiée", "Annexe des mesures de sécurité", "L’annexe des mesures de sécurité est ajoutée."],
    ]  # fmt: skip


@pytest.mark.covers("DOC-15")
def test_the_impact_statement_of_an_agent_and_a_letter_of_commitment_are_made(pool, tmp_path):
    member = chosen(pool, "socle_complet")
    kept = {"status": "tenured", "move": "lent", "functions": "support", "effect_pay": "Le régime indemnitaire est maintenu."}
    file = StaffFile(organization=pool["sixt"], agreement=member.agreement, agent="Ada Riou", starts_on=date(2025, 1, 1), **kept)
    file.save()
    CommitteeOpinion(staff_file=file, committee="cst", on=date(2024, 11, 1), opinion="favourable").save()
    text = text_of(make(of_staff_file(file, Typed()), About(pool["sixt"], staff_file=file), by=CLERK), tmp_path)
    assert "Rémunération Le régime indemnitaire est maintenu." in text
    assert "comité social territorial favorable 1er novembre 2024" in text
    letter = make(of_membership("commitment", member, TYPED, date(2025, 1, 2)), About(pool["sixt"], membership=member), by=CLERK)
    assert "Sixt-sur-Aff s’engage à rejoindre « Service commun des systèmes d’information »" in text_of(letter, tmp_path)


def test_the_reading_copy_has_its_language_its_title_headings_and_table_headers(pool):
    member = chosen(pool, "socle_complet")
    made = make(
        of_membership("adhesion", member, TYPED, date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
    )
    reader = PdfReader(io.BytesIO(files.read(current_pool(), made.pdf)))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr", True)
    assert spaced(reader.metadata.title) == "Projet de délibération d’adhésion : Sixt-sur-Aff"
    tags = tags_of(reader)
    assert [tags.count(kind) for kind in ("/Table", "/TH")] == [4, 13]
    assert tags.count("/H1") == 8
    text = re.sub(r"[\s\u00a0\u202f]+", " ", " ".join(page.extract_text() for page in reader.pages))
    assert "5 394,50 €" in text


@pytest.mark.covers("DOC-22")
def test_the_pool_gives_its_own_template_and_a_wrong_one_is_told(pool, tmp_path):
    member = chosen(pool, "socle_complet")
    own = docx.Document(io.BytesIO(default_template("adhesion")))
    own.add_paragraph("Signature de {{ organisation }} — papier du service")
    out = io.BytesIO()
    own.save(out)
    add_template("adhesion", "notre modèle.docx", out.getvalue(), by=CLERK)
    made = make(
        of_membership("adhesion", member, TYPED, date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
    )
    assert made.template.name == "notre modèle.docx"
    assert "Signature de Sixt-sur-Aff — papier du service" in text_of(made, tmp_path)
    own.add_paragraph("{{ inconnue }} {{ ''.__class__ }}")
    out = io.BytesIO()
    own.save(out)
    assert "inconnue" in placed_by(out.getvalue())
    with pytest.raises(Refusal, match="ne connaît pas : inconnue"):
        add_template("adhesion", "faux.docx", out.getvalue(), by=CLERK)
    with pytest.raises(Refusal, match="n’est pas un document DOCX"):
        add_template("adhesion", "faux.docx", b"%PDF-1.7", by=CLERK)
    broken = docx.Document()
    broken.add_paragraph("{% for %}")
    out = io.BytesIO()
    broken.save(out)
    with pytest.raises(Refusal, match="Le modèle ne se lit pas"):
        add_template("adhesion", "faux.docx", out.getvalue(), by=CLERK)


@pytest.mark.covers("DOC-12", "DOC-23", "SEC-04")
def test_a_secretary_prepares_a_document_sees_its_blanks_issues_it_and_downloads_both_files(world):
    with first_pool():
        member = chosen(world, "socle_complet")
        file = StaffFile(organization=world["sixt"], agreement=member.agreement, agent="Ada Riou", status="tenured", move="lent",
                         functions="support", starts_on=date(2025, 1, 1))  # fmt: skip
        file.save()
    world.sign_in("office")
    page = world.fill(f"/adhesions/{member.pk}/documents/", kind="adhesion")
    assert page.title == "Projet de délibération d’adhésion : Sixt-sur-Aff"
    assert [li.text for li in page.section("À compléter").all("li")] == [
        "Date de la séance",
        "Rapporteur",
        "Tribunal administratif",
    ]
    with first_pool():
        made = Document.objects.unscoped().get()
    path = made.get_absolute_url()
    refused = world.post(path)
    assert (refused.status, refused.errors[0].partition(" à compléter")[0]) == (422, "3 mentions sont")
    issued = world.post(path, knowingly="on")
    assert issued.main.text.count("Émettre le document") == 0
    assert issued.messages == [
        "Fait. « Projet de délibération d’adhésion : Sixt-sur-Aff » est émis : ses fichiers ne changeront plus."
    ]  # fmt: skip
    again = world.post(path, knowingly="on")  # by somebody whose page was opened before
    assert again.messages == [
        "Refusé. « Projet de délibération d’adhésion : Sixt-sur-Aff » est déjà émis : faites-en une nouvelle version."
    ]  # fmt: skip
    world.fill(f"/fiches/destinataires/ajouter/{made.pk}/", name="Préfecture", for_action="on")
    page = world.fill(f"/fiches/visas/ajouter/{made.pk}/", quality="writer", name="Maëlle Corbinaud", on="02/01/2025")
    assert page.terms("Diffusion") == [("Préfecture", "pour action")]
    assert page.terms("Visas") == [("Rédacteur", "Maëlle Corbinaud, 2 janvier 2025")]
    given = {form: world.client.get(f"{path}{form}/") for form in ("docx", "pdf")}
    assert {form: answer.content[:4] for form, answer in given.items()} == {"docx": b"PK\x03\x04", "pdf": b"%PDF"}
    world.sign_in("elected")
    assert [world.client.get(p).status_code for p in (path, f"{path}pdf/", f"/adhesions/{member.pk}/documents/")] == [404] * 3
    world.sign_in("director")
    world.fill(f"/agents/{file.pk}/documents/", kind="impact")
    with first_pool():
        statement = Document.objects.unscoped().get(kind="impact")
    seen = {}
    for who in ("director", "technician", "office", "elected"):
        world.sign_in(who)
        seen[who] = world.client.get(statement.get_absolute_url()).status_code
    assert seen == {"director": 200, "technician": 404, "office": 200, "elected": 404}


@pytest.mark.covers("DOC-23")
def test_a_draft_is_completed_from_its_page_and_keeps_what_was_typed(world):
    with first_pool():
        member = chosen(world, "socle_complet")
    world.sign_in("office")
    world.fill(f"/adhesions/{member.pk}/documents/", kind="adhesion", session_on="12/01/2027")
    with first_pool():
        draft = Document.objects.unscoped().get()
    page = world.get(draft.get_absolute_url())
    links = {a.text: a.attrs["href"] for a in page.main.all("a") if "href" in a.attrs}
    assert links["Compléter"] == f"/adhesions/{member.pk}/documents/?complete={draft.pk}"
    form = world.get(links["Compléter"])
    typed = {name: form.fields[name] for name in ("kind", "session_on", "reporter")}
    assert typed == {"kind": "adhesion", "session_on": "12\N{NO-BREAK SPACE}janvier\N{NO-BREAK SPACE}2027", "reporter": ""}
    page = world.post(links["Compléter"], **{**form.fields, "reporter": "Yves Le Goff"})
    assert [li.text for li in page.section("À compléter").all("li")] == ["Tribunal administratif"]
    assert "Compléter" not in world.post(draft.get_absolute_url(), knowingly="on").main.text
    world.sign_in("director")  # a draft about something else fills nothing
    with first_pool():
        other = asked(world["allaire"], member.agreement)
    assert world.get(f"/adhesions/{other.pk}/documents/?complete={draft.pk}").fields["session_on"] == ""


@pytest.mark.covers("DOC-23")
def test_the_home_lists_the_last_version_of_a_draft_and_the_others_are_said_replaced(world):
    with first_pool():
        member = chosen(world, "socle_complet")
    world.sign_in("office")
    path = f"/adhesions/{member.pk}/documents/"
    for kind, reporter in (("adhesion", ""), ("adhesion", "Yves Le Goff"), ("commitment", "")):
        world.fill(path, kind=kind, reporter=reporter)
    assert sorted(re.findall(r"Projet, version (\d)", world.get("/").main.text)) == ["1", "2"]
    states = {}
    with first_pool():
        for one in Document.objects.unscoped().order_by("pk"):
            states[one.kind, one.number] = one.get_absolute_url()
    listed = [row[2:4] for row in world.get("/documents/").table("Les documents")]
    assert sorted(listed) == [["1", "projet"], ["1", "remplacé"], ["2", "projet"]]
    old, last = states["adhesion", 1], states["adhesion", 2]
    assert [world.get(one).main.text.count("remplacé") for one in (old, last)] == [1, 0]


# ------------------------------------------------------------ leaving, and what an arrival ends


def piece(kind, member, **typed):
    values = of_departure(kind, member, Typed(None, "", "Jeanne Corbel", "Loïc Bihan", **typed), date(2025, 4, 1))
    return make(values, About(member.organization, membership=member), by=CLERK)


@pytest.mark.covers("DOC-20")
def test_the_registered_letter_is_in_the_name_of_the_party_that_terminates(pool):
    member, _ = leaving(pool)
    made = piece("notice_letter", member)
    assert made.blanks == []
    words = words_of(made)
    assert words[0] == "Sixt-sur-Aff"
    assert words[words.index("Objet : résiliation, lettre recommandée avec avis de réception") + 1 :][:3] == [
        "Sixt-sur-Aff vous notifie la résiliation de son adhésion à la convention « Service commun des systèmes d’information », "
        "en vertu de l’acte suivant : délibération n° 2025-04 du 06/02/2025.",
        "Motif : bonne organisation des services.",
        "Le dernier jour de l’adhésion est le 10 mars 2026 (préavis de 1 an, à compter de la réception le 10/03/2025, de date à "
        "date).",
    ]
    assert "Pour Sixt-sur-Aff, Jeanne Corbel (signature) :" in words
    assert "À l’attention de REDON Agglomération" in words
    assert "Sixt-sur-Aff vous notifie la résiliation" in printed(made)


@pytest.mark.covers("DOC-20")
def test_when_the_host_terminates_the_act_and_the_letter_are_its_own(pool):
    member, _ = leaving(pool, "host")
    letter, vote = (words_of(piece(kind, member)) for kind in ("notice_letter", "termination"))
    assert (letter[0], vote[0]) == ("REDON Agglomération", "REDON Agglomération")
    assert "Pour REDON Agglomération, Loïc Bihan (signature) :" in letter
    assert any(words.startswith("DÉCIDE de résilier l’adhésion de Sixt-sur-Aff à la convention") for words in vote)


@pytest.mark.covers("DOC-20")
def test_before_the_notice_the_letter_says_the_last_day_that_its_receipt_would_give(pool):
    member = chosen(pool, "audit")
    made = piece("notice_letter", member, party="member", reason="autre choix", written_on=date(2026, 2, 3))
    assert made.blanks == ["acte qui décide"]
    assert any(words.endswith("reçue le 1er avril 2025, elle donnerait pour dernier jour le 1er avril 2026.")
               for words in words_of(made))  # fmt: skip
    with pytest.raises(Refusal, match="n’a pas donné de préavis : son compte de sortie se fait après"):
        piece("exit_account", member)


@pytest.mark.covers("DOC-20", "MEM-25")
def test_the_exit_account_lists_sums_contracts_and_penalties_with_their_total(pool):
    member, notice = leaving(pool)
    made = piece("exit_account", member)
    assert cells_of(made)[1:] == [
        ["contrat repris par le membre", "Lien fibre n° 12", "10 mars 2026", "0,00 €", "à recueillir"],
        ["somme due jusqu’à la fin des services", "Contribution de 2025", "10 mars 2026", "1 250,50 €", "à recueillir"],
        ["pénalité", "Pénalité", "10 mars 2026", "80,00 €", "à recueillir"],
    ]
    assert ("Total : 1 330,50 €" in words_of(made), "Total : 1 330,50 €" in printed(made)) == (True, True)
    ExitCost.objects.unscoped().filter(notice=notice, kind="penalty").update(amount=None)
    assert piece("exit_account", member).blanks == ["total"]


@pytest.mark.covers("DOC-20")
def test_contracts_are_denounced_by_the_host_at_an_exit_and_by_the_member_when_it_joins(pool):
    member, _ = leaving(pool)
    by_host = piece("denunciation", member, recipient="Fibre de l’Ouest, 35600 Redon")
    assert (words_of(by_host)[0], cells_of(by_host)[1:]) == ("REDON Agglomération", [["Lien fibre n° 12", "10 mars 2026"]])
    by_member = piece("denunciation", member, recipient="Éditeur", contracts=("Paie, n° 7", "État civil"))
    assert (words_of(by_member)[0], cells_of(by_member)[1:]) == ("Sixt-sur-Aff", [["Paie, n° 7", ""], ["État civil", ""]])
    ExitCost.objects.unscoped().all().delete()
    with pytest.raises(Refusal, match="Aucun contrat n’est à dénoncer"):
        piece("denunciation", member)


@pytest.mark.covers("DOC-20")
def test_shared_goods_are_handed_over_by_an_act_of_both_parties(pool):
    member = chosen(pool, "audit")
    with pytest.raises(Refusal, match="n’a pas de bien partagé"):
        piece("transfer", member)
    SharedGood(agreement=member.agreement, name="Serveur", users="les communes", conditions="en salle").save()
    made = piece("transfer", member)
    assert cells_of(made)[1:] == [["Serveur", "les communes", "en salle", "à constater"]]
    assert words_of(made)[-2:] == [
        "Pour Sixt-sur-Aff, Jeanne Corbel (signature) :", "Pour REDON Agglomération, Loïc Bihan (signature) :",
    ]  # fmt: skip


@pytest.mark.covers("DOC-20")
def test_the_termination_file_is_prepared_from_the_page_of_a_membership(world):
    with first_pool():
        member, _ = leaving(world)
    path = f"{member.get_absolute_url()}documents/"
    page = world.fill(path, kind="exit_account", signatory="Jeanne Corbel", host_signatory="Loïc Bihan")
    assert (page.title, page.messages) == ("Compte de sortie : Sixt-sur-Aff", ["Fait. Le document est prêt à relire."])
    page = world.fill(path, kind="transfer")
    assert page.errors == [
        "La convention « Service commun des systèmes d’information » n’a pas de bien partagé : inscrivez-les sur sa page d’abord."
    ]


@pytest.mark.covers("DOC-26")
def test_amounts_dates_and_capitals_are_written_in_french_in_both_files_and_the_pdf_says_that_it_is_accessible(pool):
    """Both files, before any space is made plain: an amount is never cut from its unit, a capital keeps its accent."""
    member = chosen(pool, "socle_complet")
    made = make(
        of_membership("adhesion", member, TYPED, date(2025, 1, 2)), About(member.organization, membership=member), by=CLERK
    )
    word = "\n".join(t.text or "" for t in docx.Document(io.BytesIO(files.read(current_pool(), made.docx))).element.iter(TEXT))
    reader = PdfReader(io.BytesIO(files.read(current_pool(), made.pdf)))
    copy = " ".join(page.extract_text() for page in reader.pages)
    for text in (word, copy):
        assert ("5\u00a0394,50\u00a0€" in text, "1er\u00a0janvier\u00a02025" in text, "État" in text) == (True, True, True)
        assert re.findall(r"\d \d{3},\d\d|\d,\d\d €|\d\.\d\d\s?€|\d{4}-\d\d-\d\d(?! )|\bEtat\b", text) == []
    assert "<pdfuaid:part>1</pdfuaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
