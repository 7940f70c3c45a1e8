"""Every list of the directory: taken away, then imported again; made from a file; within the rights of whoever imports."""

import csv
import io
import re
import zipfile
from datetime import date, time
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, TextField

from communis.directory.imports import IMPORTABLES
from communis.directory.models import (
    Account,
    BudgetMilestone,
    ClosingDay,
    Composition,
    Delegation,
    Fact,
    FactType,
    Grant,
    LegalGround,
    Occupation,
    OpeningHours,
    Organization,
    OrganizationType,
    Partner,
    Person,
    Post,
    Role,
    Site,
    Supplier,
    SupplierContract,
    SupplierLabel,
    Unit,
)
from communis.directory.urls import urlpatterns
from communis.foundation.scope import pool_scope
from communis.kit.downloads import FORMS
from communis.kit.imports import Staged
from communis.kit.sheets import opened
from communis.kit.sheets.writing import TRIGGERS
from communis.portal import importables
from factories.importing import apply, errors, list_of, send, somebody, text_of
from factories.pools import FIRST, SECOND, organization
from gates import imports as gate

pytestmark = pytest.mark.django_db
TAKEN = [importable.name for importable in IMPORTABLES if importable.rows is not None]


@pytest.fixture(autouse=True)
def staged(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "COMMUNIS_STAGED", tmp_path / "imports")


def furnish():
    """Put two rows of each list in the pool in scope, with what a file could spoil: quotes, lines, formulas, equal names."""
    since = {"starts_on": date(2024, 1, 1)}
    OrganizationType(name="commune", is_commune=True).save()
    town = organization(
        "L’Île-d’Yeu", type="commune", insee="85113", siren="218501138", address="1 place, d’Armes\n85350 « Yeu »"
    )
    host = organization("Gestionnaire", type="syndicat", is_host=True, email="accueil@syndicat.example", parent=town)
    organization("Port-Joinville", type="Autre")
    anne = Person(first_name="Anne", last_name="Le Goff", email="anne@yeu.example", phone="+33 2 99", function="=maire")
    anne.save()
    Person(first_name="Anne", last_name="Le Goff", email="autre@yeu.example").save()
    Role(person=anne, organization=town, kind="mayor", **since).save()
    Role(person=anne, organization=host, kind="vice_president", ends_on=date(2025, 12, 31), **since).save()
    carrier = Supplier(name="Ouest ; Télécom", kind="carrier", siren="552100554", note="une\r\n\r\ndeux  fois")
    carrier.save()
    Person(first_name="Jean", last_name="O'Neil", supplier=carrier, function="vente").save()
    SupplierContract(supplier=carrier, reference="2024-01", subject="-10 % sur l’accès", **since).save()
    SupplierLabel(supplier=carrier, name="ExpertCyber", **since).save()
    Partner(name="@préfecture", kind="prefecture", phone="").save()
    Site(organization=town, name="Mairie", kind="town_hall", connection="fibre", carrier=carrier, speed=1000).save()
    Site(organization=host, name="Mairie", kind="other").save()
    OpeningHours(organization=town, weekday="1", opens_at=time(9), closes_at=time(12, 30)).save()
    OpeningHours(organization=town, weekday="1", opens_at=time(14), closes_at=time(17)).save()
    ClosingDay(organization=town, starts_on=date(2025, 5, 2), ends_on=date(2025, 5, 2), label="Pont").save()
    BudgetMilestone(organization=town, kind="BP", year=2025, on=date(2025, 3, 31)).save()
    LegalGround(organization=host, reference="article 6", wording="Le syndicat mutualise.\nTout.", **since).save()
    Delegation(organization=town, delegate=anne, granted_by="le maire", scope="tout", act="arrêté 1", **since).save()
    Composition(whole=host, part=town, **since).save()
    unit = Unit(name="Direction", missions="Piloter.", rank=1)
    unit.save()
    Unit(name="Parc", parent=unit, rank=2).save()
    posts = [Post(unit=unit, title="Technicien", quotity=Decimal("0.80"), **since) for _ in range(2)]  # of the same name
    Post(unit=unit, title="Chef", **since).save()
    for post in posts:
        post.save()
        Occupation(post=post, person=anne, status="tenured", grade="A", training="x", **since).save()
    kinds = FactType(code="habitants", label="Population", unit="hab", has_kinds=True)
    plain = FactType(code="dsi", label="Population", shape="yes_no")
    for one in (kinds, plain):
        one.save()
    entered = {"valid_on": date(2025, 1, 1), "source": "Insee", "entered_by": "x", "entered_at": "2025-01-01T00:00Z"}
    Fact(type=kinds, organization=town, kind="comptée_à_part", number=Decimal(41), **entered).save()
    Fact(type=plain, organization=town, text="oui", until=date(2025, 12, 31), **entered).save()


@pytest.fixture
def director(client):
    with pool_scope(FIRST):
        furnish()
    return somebody(client)


NEW = {
    "organisations": "Nom;Type\nRenac;Commune\n",
    "personnes": "Prénom;Nom;E-mail\nPaul;Blanc;paul@yeu.example\n",
    "roles": "Commune;Nom;Fonction;Du;Au\nL'île d'Yeu;Blanc;référent informatique;01/01/2026;\n",
    "sites": "Commune;Nature;Site;Adresse;Débit\n85113;école publique;École;;20\n",
    "horaires": "Membre;Jour;Ouverture;Fermeture\nL’Île-d’Yeu;mardi;9h;12 h 30\n",
    "fermetures": "Organisation;Du;Au;Libellé\nL’Île-d’Yeu;01/08/2026;15/08/2026;Congés\n",
    "budget": "Organisation;Étape;Année;Le\nL’Île-d’Yeu;compte administratif ou financier unique;2025;30/06/2026\n",
    "fondements": "Organisation;Article;Texte;Du\nGestionnaire;article 7;Le syndicat achète.;01/01/2026\n",
    "delegations": "Organisation;Personne;Donnée par;Pour;Arrêté;Du\n85113;anne@yeu.example;le maire;achats;a 2;01/01/2026\n",
    "composition": "Groupement;Commune;Du\nL’Île-d’Yeu;Port-Joinville;01/01/2026\n",
    "fournisseurs": "Raison sociale;Genre;Siren\nOpale;éditeur;732829320\n",
    "contrats": 'Fournisseur;Marché;Objet;Du;Au\n"Ouest ; Télécom";2026-1;Accès;01/01/2026;31/12/2029\n',
    "labels": 'Fournisseur;Label;Du\n"Ouest ; Télécom";Cyber;01/01/2026\n',
    "contacts": 'Fournisseur;Nom\n"Ouest ; Télécom";Blanc\n',
    "partenaires": "Partenaire;Genre\nTribunal;tribunal administratif\n",
    "types-d-organisation": "Type\nSyndicat mixte\n",
    "types-de-faits": "Code;Libellé;Forme;Unité\nlicences;Licences;un nombre;licences\n",
    "poles": "Pôle;Missions\nÉtudes;Étudier\n",
    "postes": "Pôle;Poste;Missions;ETP;Ouvert le\nDirection;Adjoint;Tout;0,5;01/01/2026\n",
    "affectations": "Poste;Agent;Statut;Du\nChef;anne@yeu.example;titulaire;01/01/2026\n",
    "faits": "Commune;Fait;Valeur;Nature;Date;Source\n85113;habitants;4 900;totale;01/01/2024;Insee\n",
}


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", TAKEN)
def test_a_list_taken_away_and_imported_again_changes_nothing(director, name, form):
    content = list_of(director, name, form)
    assert len(list(opened(content).rows())) > 1
    again = send(director, content, name, f"liste.{form}")
    assert errors(director, again) == []
    page = text_of(director.get(again))
    assert f"Rien à enregistrer : tout ce que dit liste.{form} est déjà là." in page, page


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize(
    ("page", "name"),
    [("organisations", "organisations"), ("personnes", "personnes"), ("faits", "faits"), ("fournisseurs", "fournisseurs"),
     ("partenaires", "partenaires")],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_the_page_of_a_list_exports_is_imported_again_without_a_change(director, page, name, form):
    with pool_scope(FIRST):
        Person.objects.unscoped().filter(email="autre@yeu.example").update(first_name="Marie")
        FactType.objects.unscoped().filter(code="dsi").update(label="Dispose d’une DSI")
    content = b"".join(director.get(f"/{page}/?export={form}").streaming_content)
    again = send(director, content, name, f"liste.{form}")
    assert errors(director, again) == []
    assert f"Rien à enregistrer : tout ce que dit liste.{form} est déjà là." in text_of(director.get(again))


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize("name", TAKEN)
def test_a_new_row_is_shown_then_made_once_and_the_preview_makes_nothing(director, name):
    before = list_of(director, name)
    preview = send(director, NEW[name], name)
    assert (errors(director, preview), list_of(director, name)) == ([], before)
    page = text_of(director.get(preview))
    assert page.count("à créer") == 1
    assert "Enregistré. 1 " in text_of(apply(director, preview))
    after = list_of(director, name)
    assert len(list(opened(after).rows())) == len(list(opened(before).rows())) + 1
    again = send(director, NEW[name], name)
    assert "Rien à enregistrer" in text_of(director.get(again))
    assert list_of(director, name) == after


def test_a_row_is_changed_by_its_number_or_by_what_names_it_and_its_history_says_so(director):
    rows = [row.cells for row in opened(list_of(director, "postes")).rows()]
    first, second = (row for row in rows if row[2] == "Technicien")
    titles = "N°;Pôle;Intitulé;Quotité"
    both = send(director, f"{titles}\n;Direction;Technicien;1\n", "postes")
    numbers = ", ".join(sorted((first[0], second[0]), key=int))
    page = text_of(director.get(both))
    assert "Plusieurs fiches répondent à cette ligne." in page
    assert f"Ajoutez une colonne N° et dites laquelle : {numbers}." in page
    one = send(director, f"{titles}\n{second[0]};Direction;Technicienne;1\n", "postes")
    assert "Intitulé : Technicien devient Technicienne Quotité, en ETP : 0,80 devient 1" in text_of(director.get(one))
    apply(director, one)
    with pool_scope(FIRST):
        assert Post.objects.unscoped().get(pk=second[0]).title == "Technicienne"
        assert Post.objects.unscoped().get(pk=first[0]).title == "Technicien"
    history = director.get(f"/historique/postes/{second[0]}/").content.decode()
    assert ("Jeanne Martin" in history, "Technicienne" in history) == (True, True)


FAULTS = [
    ("sites", "Organisation;Genre;Nom;Débit\nAilleurs;autre site;x;\n",
     [(2, "A", "« Ailleurs » n’est pas connu, ou n’est pas à vous.")]),
    ("sites", "Organisation;Genre;Nom;Débit\nGestionnaire;palais;x;-1\n",
     [(2, "B", "Cette valeur n’est pas dans la liste."), (2, "D", "C’est moins que 0.")]),
    ("sites", "N°;Organisation;Genre;Nom\n999999;Gestionnaire;autre site;x\n",
     [(2, "A", "Aucune fiche de cette liste n’a ce numéro.")]),
    ("sites", "Organisation;Nom\nGestionnaire;x\nGestionnaire;X\n",
     [(2, "A", "« Genre » manque."), (3, "A", "La ligne 2 porte déjà cette valeur.")]),
    ("horaires", "Organisation;Jour;Ouvre à;Ferme à\nGestionnaire;jeudi;9:00;12:00\nGestionnaire;jeudi;11:00;13:00\n",
     [(3, "C", "Cet horaire chevauche celui de 9\u00a0h\u00a000 à 12\u00a0h\u00a000.")]),  # of a line above
    ("horaires", "Organisation;Jour;Ouvre à;Ferme à\nGestionnaire;jeudi;25:00;12:00\nGestionnaire;lundi;9h;8h\n",
     [(2, "C", "Cette heure ne se lit pas."), (3, "A", "L’heure de fermeture doit suivre celle d’ouverture.")]),
    ("composition", "Groupement;Composé de;Depuis le\nL’Île-d’Yeu;Gestionnaire;01/01/2026\n",
     [(2, "B", "L’Île-d’Yeu fait déjà partie de Gestionnaire.")]),
    ("roles", "Organisation;Nom;Rôle;Depuis le\nL’Île-d’Yeu;Blanc;maire;01/01/2026\n",
     [(2, "C", "Anne Le Goff est déjà maire de L’Île-d’Yeu depuis le 01/01/2024. Terminez d’abord ce rôle.")]),
    ("roles", "Organisation;Nom;Prénom;Rôle;Depuis le\nL’Île-d’Yeu;Le Goff;Anne;référent informatique;01/01/2026\n",
     [(2, "B", "2 personnes portent ce nom.")]),
    ("personnes", "Personne;Adresse e-mail\nAnne Le Goff;nouvelle@yeu.example\nInconnue;\n",
     [(2, "B", "« Anne Le Goff » a une autre adresse e-mail."), (3, "A", "Personne ne porte ce nom.")]),
    ("types-de-faits", "Nom dans les conventions;Libellé;Valeur\nMètres carrés;x;un nombre\n",
     [(2, "A", "Des minuscules, chiffres et traits bas, sans espace.")]),
    ("affectations",
     "Poste;Personne;Statut;Depuis le\nTechnicien;anne@yeu.example;CDD;01/01/2026\nChef;anne@yeu.example;CDD;01/01/2026\n",
     [(2, "A", "2 fiches répondent à ce nom."), (3, "A", "Un CDD a une date de fin.")]),
]  # fmt: skip


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize(("name", "word", "titles", "by_number", "by_name", "told"), [
    ("postes", "Chef", "N°;Pôle;Intitulé;Quotité", "{};Direction;Chef;0,5", ";Direction;Chef;1", "Chef"),
    ("personnes", "Le Goff", "N°;Nom;Adresse e-mail;Téléphone", "{};Le Goff;;01", ";;anne@yeu.example;02", "Anne Le Goff"),
    ("roles", "maire", "N°;Organisation;Nom;Adresse e-mail;Rôle;Depuis le;Jusqu’au",
     "{};85113;;anne@yeu.example;maire;01/01/2024;31/12/2025", ";85113;;anne@yeu.example;maire;01/01/2024;30/06/2025",
     "Anne Le Goff, maire, L’Île-d’Yeu"),
])  # fmt: skip
def test_a_row_found_by_its_number_then_by_its_name_is_changed_by_one_line_alone(
    director, name, word, titles, by_number, by_name, told
):
    number = next(row.cells[0] for row in opened(list_of(director, name)).rows() if word in row.cells)
    preview = send(director, f"{titles}\n{by_number.format(number)}\n{by_name}\n", name)
    assert errors(director, preview) == [(3, "A", f"La ligne 2 est déjà celle de « {told} ».")]


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize(("name", "content", "faults"), FAULTS)
def test_a_fault_is_told_by_the_rule_of_the_form_and_nothing_is_kept(director, name, content, faults):
    before = list_of(director, name)
    preview = send(director, content, name)
    assert errors(director, preview) == faults
    assert director.post(preview.replace("apercu", "verifier"), {"plan": "x"}).url == preview
    assert list_of(director, name) == before


def test_a_role_is_ended_by_its_line_and_the_person_of_a_new_one_is_made(director):
    with pool_scope(FIRST):
        role = Role.objects.unscoped().get(kind="mayor")
    file = f"""N°;Organisation;Personne;Nom;Téléphone;Rôle;Depuis le;Jusqu’au
{role.pk};L’Île-d’Yeu;anne@yeu.example;;02 11;maire;01/01/2024;31/12/2025
;L’Île-d’Yeu;;Blanc;02 22;maire;01/01/2026;
"""
    preview = send(director, file, "roles")
    page = text_of(director.get(preview))
    assert "1 rôle sera donné, 1 rôle sera terminé." in page
    assert "Déjà inscrite avec une autre donnée, qui est gardée : téléphone." in page
    apply(director, preview)
    with pool_scope(FIRST):
        held = Role.objects.unscoped().filter(kind="mayor").order_by("starts_on").select_related("person")
        assert [(r.person.name, r.person.phone, r.ends_on) for r in held] == [
            ("Anne Le Goff", "+33 2 99", date(2025, 12, 31)), ("Blanc", "02 22", None),
        ]  # fmt: skip


# ------------------------------------------------------------ what a file can hide, in or out


def exports_of(client):
    """Every list that a page exports, and every list that an import gives."""
    found = [f"/importer/{name}/liste.{form}" for name in TAKEN for form in FORMS]
    pages = [route.pattern._route for route in urlpatterns if "<" not in route.pattern._route]
    for page in pages:
        response = client.get(f"/{page}")
        if response.status_code == 200 and b"export=csv" in response.content:
            found += [f"/{page}?export={form}" for form in FORMS]
    return found


def cells_of(content):
    """The cells of a file as a spreadsheet takes them, those of a text still with what disarms them."""
    if content.startswith(b"PK"):
        parts = zipfile.ZipFile(io.BytesIO(content))
        assert not any(b"<f>" in parts.read(name) or b"<f " in parts.read(name) for name in parts.namelist())
        return []
    return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";") for cell in row]


def spoil():
    """Begin every free text of the pool in scope with what a spreadsheet runs."""
    for model in apps.get_app_config("directory").get_models():
        if not hasattr(model.objects, "unscoped") or not hasattr(model, "pgh_event_model"):
            continue
        typed = (f for f in model._meta.concrete_fields if type(f) in (CharField, TextField) and not f.choices)
        texts = [f.name for f in typed if f.name not in ("code", "search_text", "sort_name")]
        for rank, row in enumerate(model.objects.unscoped()):
            told = dict.fromkeys(texts, f"{'=+-@'[rank % 4]}SUM({rank})")
            model.objects.unscoped().filter(pk=row.pk).update(**told)


def test_no_export_of_any_list_holds_a_formula(director):
    with pool_scope(FIRST):
        spoil()
    exports = exports_of(director)
    assert len(exports) >= 2 * (len(TAKEN) + 6)
    armed = []
    for address in exports:
        content = b"".join(director.get(address).streaming_content)
        texts = [cell for cell in cells_of(content) if cell and not re.fullmatch(r"-?[\d,]+", cell)]
        armed += [(address, text) for text in texts if text[0] in TRIGGERS]
        if "/importer/" in address and content[:2] != b"PK" and "horaires" not in address:
            assert re.search(rb"'[=+@-]SUM\(", content), address
    assert armed == []


@pytest.mark.covers("INT-03")
def test_planted_faults_of_forty_kinds_are_told_by_their_line_among_thousands_and_nothing_is_kept(client, tmp_path):
    """The gate `imports`, in small: a million lines there, four thousand here."""
    with pool_scope(FIRST):
        gate.furnish()
        before = Fact.objects.unscoped().count()
    file = tmp_path / "faits.csv"
    director = somebody(client)
    planted = gate.planted(file, 4_000, 82)
    assert len({kind for _, _, kind in planted}) == len(gate.KINDS) == 42
    preview = send(director, file.read_bytes(), "faits")
    staged = next((tmp_path / "imports").rglob("plan")).parent
    assert gate.told_faults(Staged(staged)) == [(line, letters) for line, letters, _ in planted]
    assert director.post(preview.replace("apercu", "verifier"), {"plan": "x"}).url == preview
    with pool_scope(FIRST):
        assert Fact.objects.unscoped().count() == before


# ------------------------------------------------------------ who may


@pytest.fixture
def office(director, client):
    """The office of one town, which keeps its own people, sites and calendar."""
    account = Account.objects.create_user("mairie@yeu.example", "x", name="La mairie")
    with pool_scope(FIRST):
        town = Organization.objects.unscoped().get(insee="85113")
        Grant(account=account, organization=town, role="office", starts_on=date(2020, 1, 1)).save()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.mark.covers("SEC-01")
def test_a_member_imports_what_it_keeps_and_nothing_of_another(office):
    mine = send(office, "Organisation;Genre;Nom\nL’Île-d’Yeu;école publique;École\n", "sites")
    assert "1 site sera ajouté." in text_of(office.get(mine))
    apply(office, mine)
    others = "Organisation;Genre;Nom\nPort-Joinville;autre site;x\n"
    assert errors(office, send(office, others, "sites")) == [(2, "A", "Vous ne tenez pas cette fiche.")]
    role = "Organisation;Nom;Rôle;Depuis le\nPort-Joinville;Blanc;maire;01/01/2026\n"
    assert errors(office, send(office, role, "roles")) == [(2, "A", "Vous ne tenez pas la fiche de cette organisation.")]
    assert [row.cells[1:4] for row in opened(list_of(office, "sites")).rows()][1:] == [
        ("L’Île-d’Yeu", "école publique", "École"), ("L’Île-d’Yeu", "mairie ou siège", "Mairie"),
    ]  # fmt: skip


def test_a_number_of_a_row_that_one_does_not_see_is_that_of_no_row(office):
    with pool_scope(FIRST):
        hidden = Site.objects.unscoped().get(organization__is_host=True).pk
    for number in (hidden, 999_999):
        preview = send(office, f"N°;Organisation;Genre;Nom\n{number};L’Île-d’Yeu;autre site;x\n", "sites")
        assert errors(office, preview) == [(2, "A", "Aucune fiche de cette liste n’a ce numéro.")]


EVERYTHING = {one.name for one in importables.IMPORTABLES}
KEEPERS = {
    "director": EVERYTHING,
    "finance": EVERYTHING - {"poles", "postes", "affectations"},
    "technician": {"fournisseurs", "contrats", "labels", "contacts", "partenaires"},
    "auditor": set(),
}


@pytest.mark.covers("SEC-01")
@pytest.mark.parametrize("role", KEEPERS)
def test_one_imports_the_lists_that_one_keeps_and_finds_no_other(client, role):
    somebody(client, role)
    found = {name for name in EVERYTHING if client.get(f"/importer/{name}/").status_code == 200}
    taken = {name for name in EVERYTHING if client.get(f"/importer/{name}/liste.csv").status_code == 200}
    assert (found, taken) == (KEEPERS[role], KEEPERS[role] - {"populations"})
    page = client.get("/importer/")
    assert page.status_code == (200 if found else 404)
    assert page.content.decode().count('<th scope="row">') == len(found)


@pytest.mark.covers("SEC-02")
def test_a_list_holds_nothing_of_another_pool(director, client):
    with pool_scope(SECOND):
        furnish()
        Site.objects.unscoped().update(name="CANARI")
        for supplier in Supplier.objects.unscoped():
            supplier.name = "CANARI"
            supplier.save()
    lists = {name: list_of(director, name) for name in TAKEN}
    assert [name for name, content in lists.items() if b"CANARI" in content] == []
    assert len(list(opened(lists["sites"]).rows())) == 3
