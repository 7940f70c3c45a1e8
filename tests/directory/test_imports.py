"""The import of the lists of the directory, through its pages."""

import io

import pytest
from django.conf import settings

from communis.directory.models import Fact, FactType, Organization, OrganizationType, Partner
from communis.foundation.scope import pool_scope
from factories.hostile import workbook
from factories.importing import apply, errors, plan_of, send, somebody, text_of
from factories.pools import FIRST, SECOND, organization

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def staged(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "COMMUNIS_STAGED", tmp_path / "imports")
    return tmp_path / "imports"


@pytest.fixture
def director(client):
    with pool_scope(FIRST):
        OrganizationType(name="Commune", is_commune=True).save()
        OrganizationType(name="CCAS").save()
        Partner(name="Préfecture d’Ille-et-Vilaine", kind="prefecture").save()
    return somebody(client)


TOWNS = """Nom officiel;Type;INSEE;N° SIREN;Tél;Préfecture de contrôle;Rattachée à
Sixt-sur-Aff;Commune;35328;;02 99 00 00 00;Préfecture d'Ille-et-Vilaine;
Abergement;commune;1001;;;;
CCAS de Sixt;ccas;;;;;Sixt-sur-Aff
"""


@pytest.mark.covers("INT-03", "ORG-02")
def test_a_list_is_imported_in_four_steps(director, staged):
    preview = send(director, TOWNS)
    assert "3 organisations seront créées." in text_of(director.get(preview))
    done = apply(director, preview)
    assert "Enregistré. 3 organisations ont été créées." in text_of(done)
    with pool_scope(FIRST):
        rows = Organization.objects.unscoped().values_list(
            "name", "type__name", "insee", "phone", "prefecture__name", "parent__name"
        )
        assert list(rows) == [
            ("Abergement", "Commune", "01001", "", None, None),
            ("CCAS de Sixt", "CCAS", "", "", None, "Sixt-sur-Aff"),
            ("Sixt-sur-Aff", "Commune", "35328", "02 99 00 00 00", "Préfecture d’Ille-et-Vilaine", None),
        ]
    assert [path.name for path in staged.rglob("*") if path.is_file()] == ["about.json"]
    assert director.get(preview).status_code == 404


@pytest.mark.covers("INT-03")
def test_what_is_already_there_is_completed_and_an_empty_cell_changes_nothing(director):
    with pool_scope(FIRST):
        organization("Sixt-sur-Aff", type="Commune", insee="35328", phone="02 99 00 00 00", email="mairie@sixt.example")
        organization("CCAS de Sixt", type="CCAS")
    preview = send(director, "nom;type;insee;téléphone;e-mail\nSixt;Commune;35328;02 99 11 11 11;\nCCAS de Sixt;CCAS;;;\n")
    page = text_of(director.get(preview))
    assert "1 organisation sera modifiée, 1 ligne sera laissée telle quelle." in page
    assert "Nom : Sixt-sur-Aff devient Sixt Téléphone : 02 99 00 00 00 devient 02 99 11 11 11" in page
    apply(director, preview)
    with pool_scope(FIRST):
        rows = Organization.objects.unscoped().order_by("insee").values_list("name", "phone", "email")
        assert list(rows) == [("CCAS de Sixt", "", ""), ("Sixt", "02 99 11 11 11", "mairie@sixt.example")]


@pytest.mark.covers("INT-03")
def test_a_workbook_and_a_pasted_table_are_imported_too(director):
    content = workbook([["Nom", "Type", "Existe depuis le"], ["Sixt", "Commune", 46053]], Autre=[["x"], ["y"]])
    preview = send(director, content, file_name="liste.xlsx")
    assert "Existe depuis le : 31/01/2026" in text_of(director.get(preview))
    sent = director.post("/importer/organisations/", {"pasted": "Nom\tType\nSixt\tCommune\n"})
    assert sent.status_code == 302


PLANTED = [
    # line, letters, reason, row
    (2, "A", "Cette cellule est vide.", ";Commune;;;;;;;;"),
    (3, "B", "Cette cellule est vide.", "Bé;;;;;;;;;"),
    (4, "B", "Ce type d’organisation n’existe pas dans le service.", "Cé;Planète;;;;;;;;"),
    (5, "C", "Un code Insee de commune a cinq caractères : 35236, 2A004, 97411.", "Dé;Commune;3X328;;;;;;;"),
    (6, "D", "Un SIREN a neuf chiffres.", "Eh;Commune;;2135;;;;;;"),
    (7, "D", "« 213503288 » n’est pas un SIREN : sa clé est fausse. Relisez les neuf chiffres.", "Fe;Commune;;213503288;;;;;;"),
    (8, "E", "« 21350328700018 » n’est pas un SIRET : sa clé est fausse. Relisez les quatorze chiffres.",
     "Gé;Commune;;;21350328700018;;;;;"),
    (9, "E", "Ce SIRET n’est pas celui du SIREN 243500741.", "Ha;Commune;;243500741;21350328700012;;;;;"),
    (10, "E", "Le tableur a abrégé ce nombre : ses chiffres sont perdus.", "Hi;Commune;;;2,13503E+13;;;;;"),
    (11, "F", "Saisissez une adresse de courriel valide.", "Ji;Commune;;;;mairie;;;;"),
    (12, "G", "Ce n’est ni oui ni non.", "Ka;Commune;;;;;peut-être;;;"),
    (13, "H", "Cette date ne se lit pas.", "La;Commune;;;;;;31/02/2026;;"),
    (14, "I", "La fin précède le début.", "Ma;Commune;;;;;;01/01/2026;31/12/2025;"),
    (15, "J", "Cette organisation n’est ni dans le service ni plus haut dans le fichier.", "Na;CCAS;;;;;;;;Atlantide"),
    (16, "J", "Une organisation n’est pas rattachée à elle-même.", "Oh;CCAS;;;;;;;;Oh"),
    (17, "A", "La ligne 18 porte déjà cette valeur.", None),  # replaced below: it is the second that is told
    (18, "A", "Un caractère invisible s’y trouve (U+0000).", "P\0a;Commune;;;;;;;;"),
    (19, "A", "Un caractère invisible s’y trouve (U+202E).", "P\u202eb;Commune;;;;;;;;"),
    (20, "A", "Cette cellule a plusieurs lignes.", '"Pa\nré";Commune;;;;;;;;'),
    (22, "A", "C’est l’erreur d’une formule, pas une valeur.", "#REF!;Commune;;;;;;;;"),
    (23, "K", "Cette cellule n’a pas de titre : la ligne a plus de cellules que celle des titres.", "Qa;Commune;;;;;;;;;reste"),
    (24, "D", "La ligne s’arrête avant cette colonne : 3 cellules au lieu de 10.", "Ra;Commune;"),
    (25, "C", "Seule une commune a un code Insee.", "Sa;CCAS;35328;;;;;;;"),
    (26, "A", "C’est trop long : 201 caractères.", "x" * 201 + ";Commune;;;;;;;;"),
    (27, "C", "« Aubépine » est déjà là avec le code Insee 35001.", "Aubépine;Commune;35002;;;;;;;"),
    (28, "C", "Ce code Insee est celui de « Aubépine », et ce nom celui d’une autre organisation.",
     "Béganne;Commune;35001;;;;;;;"),
    (30, "C", "La ligne 29 porte déjà cette valeur.", "Ve;Commune;35003;;;;;;;"),
]  # fmt: skip


@pytest.mark.covers("INT-03")
def test_planted_faults_are_each_told_by_line_and_column_and_nothing_is_applied(director):
    with pool_scope(FIRST):
        organization("Aubépine", type="Commune", insee="35001")
        organization("Béganne", type="Commune")
    rows = [row for _, _, _, row in PLANTED if row is not None]
    rows.insert(15, "Pé;Commune;;;;;;;;")  # line 17: nothing is wrong with it
    rows.insert(-1, "Ve et autres;Commune;35003;;;;;;;")  # line 29: what line 30 repeats
    titles = "Nom;Type;Code Insee;SIREN;SIRET;E-mail;Engagement obligatoire;Existe depuis le;Existe jusqu’au;Rattachée à"
    preview = send(director, "\n".join([titles, *rows]))
    assert errors(director, preview) == [(line, letters, reason) for line, letters, reason, row in PLANTED if row is not None]
    assert len(PLANTED) - 1 == 26
    page = text_of(director.get(preview))
    assert "26 lignes sont refusées" in page
    assert "Rien ne peut être enregistré" in page
    assert director.post(preview.replace("apercu", "verifier"), {"plan": "x"}).url == preview
    with pool_scope(FIRST):
        assert [one.name for one in Organization.objects.unscoped()] == ["Aubépine", "Béganne"]


@pytest.mark.covers("INT-03", "ORG-02")
def test_two_lines_about_one_organization_are_refused_on_the_second(director):
    with pool_scope(FIRST):
        organization("Sixt-sur-Aff", type="Commune", insee="35328", siren="213503287", siret="21350328700012")
        organization("Renac", type="Commune", insee="35237")
    titles = "Nom;Type;Code Insee;SIREN;SIRET\n"
    for first, second, name in (
        ("Sixt;Commune;35328;;", "X;Commune;;213503287;", "X"), ("Sixt-sur-Aff;Commune;;;", "X;Commune;35328;;", "X"),
        ("X;Commune;;;21350328700012", "Sixt-sur-Aff;Commune;;;", "Sixt-sur-Aff"),
    ):  # fmt: skip
        twice = (3, "A", f"La ligne 2 est déjà celle de « {name} ».")
        assert errors(director, send(director, f"{titles}{first}\n{second}\n")) == [twice]
    new = f"{titles}Béganne;Commune;;215600115;\nX;Commune;;215600115;\n"
    assert errors(director, send(director, new)) == [(3, "D", "La ligne 2 porte déjà cette valeur.")]


@pytest.mark.covers("INT-03", "ORG-02")
def test_names_and_codes_that_find_different_organizations_are_refused(director):
    with pool_scope(FIRST):
        organization("Sixt-sur-Aff", type="Commune", insee="35328", siren="213503287")
        organization("Renac", type="Commune", insee="35237")
    rows = ["Autre;Commune;35285;213503287", "X;Commune;35328;", "Y;Commune;35237;213503287", "Renac;Commune;;213503287"]
    preview = send(director, "\n".join(["Nom;Type;Code Insee;SIREN", *rows]))
    assert errors(director, preview) == [
        (2, "C", "« Sixt-sur-Aff » est déjà là avec le code Insee 35328."),
        (4, "D", "La ligne 2 porte déjà cette valeur."),
        (5, "D", "La ligne 2 porte déjà cette valeur."),
    ]
    preview = send(director, f"Nom;Type;Code Insee;SIREN\n{rows[2]}\n")
    assert errors(director, preview) == [(2, "D", "Ce SIREN est celui de « Sixt-sur-Aff », et ce code Insee celui de « Renac ».")]
    preview = send(director, f"Nom;Type;Code Insee;SIREN\n{rows[3]}\n")
    assert errors(director, preview) == [
        (2, "D", "Ce SIREN est celui de « Sixt-sur-Aff », et ce nom celui d’une autre organisation.")
    ]


def test_what_depends_on_an_organization_is_imported_with_its_siren(director):
    rows = "Sixt;Commune;213503287;\nCCAS de Sixt;CCAS;213503287;Sixt\n"
    preview = send(director, f"Nom;Type;SIREN;Rattachée à\n{rows}")
    assert "2 organisations seront créées." in text_of(director.get(preview))
    apply(director, preview)
    again = send(director, "Nom;Type;SIREN;Tél\nCCAS de Sixt;CCAS;213503287;1\nSixt;Commune;213503287;2\n")
    assert "2 organisations seront modifiées." in text_of(director.get(again))
    apply(director, again)
    with pool_scope(FIRST):
        assert list(Organization.objects.unscoped().values_list("name", "phone")) == [("CCAS de Sixt", "1"), ("Sixt", "2")]


@pytest.mark.covers("INT-03")
def test_all_the_faults_of_a_line_are_told_at_once_in_the_order_of_the_columns(director):
    rows = "Nom;SIREN;Type;Préfecture;Existe depuis le;Rattachée à\nSixt;2135;Planète;Atlantide;31/02/2026;Nulle part\n"
    assert errors(director, send(director, rows)) == [
        (2, "B", "Un SIREN a neuf chiffres."),
        (2, "C", "Ce type d’organisation n’existe pas dans le service."),
        (2, "D", "Ce partenaire n’est pas inscrit."),
        (2, "E", "Cette date ne se lit pas."),
        (2, "F", "Cette organisation n’est ni dans le service ni plus haut dans le fichier."),
    ]


def test_a_code_of_another_department_is_told_under_its_column_with_what_to_do(director):
    with pool_scope(FIRST):
        organization("Sixt", type="Commune", department="35")
    preview = send(director, "Nom;Type;Code Insee\nSixt;Commune;29999\n")
    assert (
        "Colonne C, Code Insee 29999 : Le code Insee 29999 est celui d’une commune du 29, et le département est 35. "
        "Corrigez le code Insee, ou le département."
    ) in text_of(director.get(preview))


def test_two_columns_of_one_title_are_said_and_nothing_is_chosen_for_the_person(director):
    sent = director.post("/importer/organisations/", {"pasted": "Nom\tType\tNom\nSixt\tCommune\tBéganne\n"})
    page = director.get(sent.url)
    assert "Les colonnes A et C ont ce même titre : choisissez laquelle reprendre." in text_of(page)
    refused = director.post(sent.url, {"colonne_type": "1"})
    assert (refused.status_code, "dites où elle est dans le fichier" in text_of(refused)) == (422, True)
    preview = director.post(sent.url, {"colonne_type": "1", "colonne_name": "2"}).url
    assert "1 organisation sera créée." in text_of(director.get(preview))


def test_the_first_sheet_that_is_not_empty_is_taken_and_the_sheets_are_named(director):
    content = workbook([], Données=[["Nom", "Type"], ["Sixt", "Commune"]])
    file = io.BytesIO(content)
    file.name = "liste.xlsx"
    sent = director.post("/importer/organisations/", {"file": file})
    assert "Feuille à importer :" in text_of(director.get(sent.url))
    preview = director.post(sent.url, {"colonne_name": "0", "colonne_type": "1"}).url
    assert "1 organisation sera créée." in text_of(director.get(preview))


def test_a_sheet_of_notes_before_the_rows_is_passed_over(director):
    file = io.BytesIO(workbook([["Lisez-moi"]], Données=[["Dénomination", "Type"], ["Sixt", "Commune"]]))
    file.name = "liste.xlsx"
    columns = director.post("/importer/organisations/", {"file": file}).url
    preview = director.post(columns, {"colonne_name": "0", "colonne_type": "1"}).url
    assert "1 organisation sera créée." in text_of(director.get(preview))


def test_a_fault_is_shown_with_its_value_and_what_to_do(director):
    page = text_of(director.get(send(director, "Nom;Type\nSixt;Planète\n")))
    assert (
        "Colonne B, Type Planète : Ce type d’organisation n’existe pas dans le service. "
        "Écrivez l’un de ceux-ci (CCAS, Commune), ou ajoutez ce type d’abord."
    ) in page


def test_what_moved_since_the_preview_is_shown_and_nothing_is_done(director):
    with pool_scope(FIRST):
        town = organization("Sixt", type="Commune", phone="1")
        organization("Bé", type="Commune")
    preview = send(director, "Nom;Type;Tél\nSixt;Commune;2\nBé;Commune;3\n")
    plan = plan_of(director, preview)
    with pool_scope(FIRST):
        town.phone = "9"
        town.save()
    page = text_of(apply(director, preview, plan))
    assert (
        "Une ligne ne ferait plus la même chose que dans l’aperçu, parce que la liste a changé depuis : rien n’a été enregistré."
        in page
    )
    assert "Ont changé depuis l’aperçu 1" in page
    assert "Téléphone : 9 devient 2" in page
    with pool_scope(FIRST):
        assert sorted(Organization.objects.unscoped().values_list("phone", flat=True)) == ["", "9"]


def test_a_plan_that_was_not_read_is_not_applied(director):
    preview = send(director, TOWNS)
    assert "relisez-le avant d’enregistrer" in text_of(apply(director, preview, "0" * 64))
    with pool_scope(FIRST):
        assert Organization.objects.unscoped().count() == 0


def test_a_file_sent_twice_is_imported_once(director):
    preview = send(director, TOWNS)
    plan = plan_of(director, preview)
    apply(director, preview, plan)
    assert apply(director, preview, plan).status_code == 404
    again = send(director, TOWNS)
    assert "Rien à enregistrer : tout ce que dit liste.csv est déjà là." in text_of(director.get(again))
    assert director.get(again.replace("apercu", "verifier")).url == again


@pytest.mark.covers("SEC-17")
def test_a_staged_file_is_its_sender_s_alone(director, client, staged):
    preview = send(director, TOWNS)
    assert [oct(path.stat().st_mode & 0o777) for path in (staged, next(staged.rglob("file")))] == ["0o700", "0o600"]
    assert somebody(client, email="autre@exemple.fr").get(preview).status_code == 404
    with pool_scope(SECOND):
        organization("Ailleurs")
    assert somebody(client, pool=SECOND, email="ailleurs@exemple.fr").get(preview).status_code == 404


def test_an_import_can_be_left(director, staged):
    preview = send(director, TOWNS)
    assert "rien n’a été enregistré, le fichier est effacé" in text_of(director.post(preview, {"do": "forget"}, follow=True))
    assert [path for path in staged.rglob("*") if path.is_file()] == []


@pytest.mark.covers("SEC-17")
@pytest.mark.parametrize("role", ["technician", "auditor", "unit_manager"])
def test_who_may_not_keep_the_directory_does_not_find_the_import(client, role):
    somebody(client, role)
    for address in ("", "modele.csv", "0" * 32 + "/apercu/", "0" * 32 + "/verifier/"):
        assert client.get(f"/importer/organisations/{address}").status_code == 404


def test_a_required_column_that_is_not_told_is_asked(director):
    file = io.BytesIO(b"Colonne;Type\nSixt;Commune\n")
    file.name = "liste.csv"
    sent = director.post("/importer/organisations/", {"file": file})
    refused = director.post(sent.url, {"colonne_type": "1"})
    assert (refused.status_code, "Cette colonne est nécessaire : dites où elle est dans le fichier." in text_of(refused)) == (
        422,
        True,
    )
    twice = director.post(sent.url, {"colonne_type": "1", "colonne_name": "1"})
    assert "La colonne B : Type est déjà prise pour « Nom »." in text_of(twice)


def test_a_file_of_which_no_column_is_told_is_refused(director):
    file = io.BytesIO(b"Un;Deux\nSixt;Commune\n")
    file.name = "liste.csv"
    sent = director.post("/importer/personnes/", {"file": file})
    refused = director.post(sent.url, {})
    words = "Aucune colonne n’est choisie : dites au moins laquelle du fichier est à importer."
    assert (refused.status_code, words in text_of(refused)) == (422, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Ce fichier est vide."),
        (b"%PDF", "Ce fichier est un PDF : ses tableaux ne se lisent pas."),
        (b"PK\x03\x04", "Ce classeur est abîmé : il ne s’ouvre pas."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(director, content, said):
    file = io.BytesIO(content)
    file.name = "liste.csv"
    refused = director.post("/importer/organisations/", {"file": file})
    assert (refused.status_code, said in text_of(refused)) == (422, True)


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["organisations", "faits", "populations"])
def test_the_example_given_for_each_list_has_its_columns(director, name, form):
    content = b"".join(director.get(f"/importer/{name}/modele.{form}").streaming_content)
    file = io.BytesIO(content)
    file.name = f"modele.{form}"
    page = director.get(director.post(f"/importer/{name}/", {"file": file}).url).content.decode()
    assert page.count("selected>") == {"organisations": 18, "faits": 9, "populations": 5}[name]


def test_the_example_of_organizations_is_right(director):
    content = b"".join(director.get("/importer/organisations/modele.xlsx").streaming_content)
    preview = send(director, content, file_name="modele.xlsx")
    assert "1 organisation sera créée." in text_of(director.get(preview))


# ------------------------------------------------------------ facts


@pytest.fixture
def posts(director):
    with pool_scope(FIRST):
        organization("Sixt", type="Commune", insee="35328")
        FactType(code="postes_de_travail", label="Postes de travail", unit="postes").save()
        FactType(code="dsi", label="Dispose d’une DSI", shape="yes_no").save()
        FactType(code="habitants", label="Population", unit="hab", has_kinds=True).save()
    return director


FACTS = """Organisation;Fait;Valeur;Nature;À la date du;Source
Sixt;postes_de_travail;12;;01/01/2025;Inventaire
35328;Population;2 355;totale;2025-01-01;Insee
Sixt;Dispose d’une DSI;NON;;1er janvier 2025;
"""


def known_facts():
    with pool_scope(FIRST):
        return [
            (fact.type.code, fact.kind, fact.value, fact.valid_on.isoformat(), fact.source, fact.entered_by, fact.reason)
            for fact in Fact.objects.unscoped().select_related("type").order_by("pk")
        ]


@pytest.mark.covers("ORG-06", "ORG-07", "ORG-08")
def test_facts_are_entered_with_their_source_and_author_and_corrected_with_a_reason(posts):
    apply(posts, send(posts, FACTS, "faits", **{"choix-source": "Recensement interne"}))
    entered = [
        ("postes_de_travail", "", 12, "2025-01-01", "Inventaire", "Jeanne Martin", ""),
        ("habitants", "totale", 2355, "2025-01-01", "Insee", "Jeanne Martin", ""),
        ("dsi", "", "non", "2025-01-01", "Recensement interne", "Jeanne Martin", ""),
    ]
    assert known_facts() == entered
    changed = FACTS.replace(";12;", ";14;")
    without = send(posts, changed, "faits", **{"choix-source": "x"})
    assert errors(posts, without) == [(2, "A", "Ce fait est déjà connu : 12.")]
    reasoned = send(posts, changed, "faits", **{"choix-source": "x", "choix-reason": "Deux postes oubliés"})
    assert "1 fait sera corrigé, 2 lignes seront laissées telles quelles." in text_of(posts.get(reasoned))
    apply(posts, reasoned)
    assert known_facts() == [
        *entered, ("postes_de_travail", "", 14, "2025-01-01", "Inventaire", "Jeanne Martin", "Deux postes oubliés"),
    ]  # fmt: skip
    with pool_scope(FIRST):
        assert Fact.objects.unscoped().current().count() == 3


def test_faults_of_facts_are_told(posts):
    rows = [
        "Atlantide;postes_de_travail;1;;01/01/2025;x",
        "Sixt;planètes;1;;01/01/2025;x",
        "Sixt;postes_de_travail;beaucoup;;01/01/2025;x",
        "Sixt;Population;12;;01/01/2025;x",
        "Sixt;postes_de_travail;12;totale;01/01/2025;x",
        "Sixt;Dispose d’une DSI;peut-être;;01/01/2025;x",
        "Sixt;postes_de_travail;12;;01/01/2024;",
        "Sixt;Population;12;générale;01/01/2025;x",
    ]
    preview = send(posts, "\n".join([FACTS.partition("\n")[0], *rows]), "faits")
    assert errors(posts, preview) == [
        (2, "A", "Cette organisation n’est pas dans le service."),
        (3, "B", "Ce fait n’est pas l’un de ceux du service."),
        (4, "C", "Ce nombre ne se lit pas."),
        (5, "D", "La nature manque."),
        (6, "D", "Ce fait n’a pas de nature."),
        (7, "C", "Ce n’est ni oui ni non."),
        (8, "F", "La source manque."),
        (9, "D", "Cette valeur n’est pas dans la liste."),
    ]
