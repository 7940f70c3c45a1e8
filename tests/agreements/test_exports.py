"""Acts for others: the open data of deliberations and the metadata for the préfecture, each against its schema."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from communis.agreements.exports import COLUMNS, metadata_of
from communis.agreements.founding import load_act
from communis.agreements.models import Resolution
from communis.agreements.operations.acts import record_act
from communis.directory.models import Organization
from communis.kit.refusals import Refusal
from factories.world import first_pool

DATA = Path(__file__).parents[1] / "data"
SCHEMA = etree.XMLSchema(etree.parse(DATA / "actes-acte.xsd"))
SCDL = json.loads((DATA / "scdl-deliberations-2.1.4.json").read_text("utf-8"))["fields"]
ACTES = "{http://www.interieur.gouv.fr/ACTES#v1.1-20040216}"
CLASSIFIED = date(2017, 11, 13)
SHAPES = {"integer": r"-?[0-9]+", "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "string": r".+"}
SIRET = "21350236200014"


def breaches(text):
    """Say what a file breaks of the schema of deliberations."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    found = [] if rows[0] == [field["name"] for field in SCDL] else [f"columns {rows[0]}"]
    for number, row in enumerate(rows[1:], 1):
        for field, value in zip(SCDL, row, strict=True):
            rules = field.get("constraints", {})
            if not value:
                found += [f"{number} {field['name']} required"] if rules.get("required") else []
            elif not re.fullmatch(SHAPES[field["type"]], value) or not re.search(rules.get("pattern", ""), value):
                found.append(f"{number} {field['name']} {value}")
    return found


def siret(world, name):
    with first_pool():
        organization = Organization.objects.unscoped().get(pk=world[name].pk)
        organization.siret = SIRET
        organization.save()


@pytest.mark.covers("INT-06")
@pytest.mark.django_db
def test_the_deliberations_of_a_year_are_published_and_what_stays_aside_says_why(world):
    siret(world, "redon")
    with first_pool():
        load_act("redon", world["redon"])
        late = {"organization": world["redon"], "session_on": date(2023, 12, 1), "votes_for": 5}
        record_act(Resolution(**late, subject="Sans numéro", matter="5.7"))
        record_act(Resolution(**late, subject="Matière inconnue", number="2023-090", matter="12.1"))
        record_act(Resolution(**late, subject="Projet", number="2023-091", state="listed"))
        record_act(Resolution(**late, subject="Décision du maire", number="2023-092", matter="5.7", kind="decision"))
        record_act(Resolution(**late | {"session_on": date(2024, 1, 1)}, subject="L’an suivant", number="2024-001", matter="5.7"))
    form = world.get("/actes/publication/")
    address = f"/actes/publication/?organisation={form.choice('organisation', 'Redon')}&annee=2023"
    page = world.get(address)
    assert "1 délibération se publie." in page.text
    assert [li.text for li in page.section("Redon, 2023").all("li")] == [
        "Délibération du 01/12/2023 : le numéro au registre manque.",
        "Délibération n° 2023-090 du 01/12/2023 : la matière « 12.1 » n’est pas du classement de la préfecture.",
        "Délibération n° 2023-091 du 01/12/2023 : l’acte n’est pas voté (état « inscrit à l’ordre du jour ») ; la matière "
        "manque.",
    ]
    answer = world.client.get(f"{address}&fichier=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="213502362-deliberations-2023.csv"'
    text = answer.content.decode("utf-8")
    assert breaches(text) == []
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (tuple(row), len(COLUMNS)) == (COLUMNS, 17)
    assert list(row.values()) == [
        "Redon", SIRET, "2023-076", "2023-10-05", "5.7", "institutions et vie politique/intercommunalité",
        "Adhésion de la ville de Redon au service commun des systèmes d’informations de Redon Agglomération", "", "", "",
        "2023-10-06", "29", "28", "28", "0", "0", "",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_collectivity_without_siret_publishes_nothing(world):
    with first_pool():
        load_act("redon", world["redon"])
    page = world.get(f"/actes/publication/?organisation={world['redon'].pk}&annee=2023")
    assert [li.text for li in page.section("Redon, 2023").all("li")] == [
        "Délibération n° 2023-076 du 05/10/2023 : le SIRET de la collectivité manque à sa fiche."
    ]
    way = page.links["Saisir le SIRET de Redon"]
    page = world.fill(way, siret=SIRET, suite=way.partition("suite=")[2])
    assert "SIRET" not in world.get(f"/actes/publication/?organisation={world['redon'].pk}&annee=2023").text
    page = world.get(f"/actes/publication/?organisation={world['redon'].pk}&annee=2023")
    assert "1 délibération se publie." in page.text
    assert world.get("/actes/publication/?annee=20x3").errors == [
        "Collectivité : à choisir.", "Année : Écrivez une année, de 1982 à 2100.",
    ]  # fmt: skip
    world.sign_in("office")
    page = world.get(f"/actes/publication/?organisation={world['sixt'].pk}&annee=2023")
    assert page.notices == [
        "SIRET. Le fichier donne le SIRET de la collectivité, qui manque à sa fiche. Demandez à la direction ou aux finances du "
        "service de le saisir."
    ]
    assert world.get("/actes/publication/").choices("organisation") == ["à choisir", "Sixt-sur-Aff"]
    assert world.get(f"/actes/publication/?organisation={world['redon'].pk}&annee=2023").status == 422


def act(**given):
    town = Organization(name="Redon", siren="213502362", department="35")
    known = {"state": "adopted", "number": "2023-076", "session_on": date(2023, 10, 5), "subject": "Adhésion", "matter": "5.7",
             "nature": "DE"}  # fmt: skip
    return Resolution(**({"organization": town} | known | given))


@pytest.mark.covers("INT-06")
@pytest.mark.parametrize("annexes", [0, 2])
def test_the_metadata_of_an_act_follow_the_schema(annexes):
    made = metadata_of(
        act(sent_number="SG2023_362", subject="Adhésion\x0b à l’école œuvrée"), classified_on=CLASSIFIED, annexes=annexes
    )
    root = etree.fromstring(made.data)
    SCHEMA.assertValid(root)
    assert made.name == "035-213502362-20231005-SG2023_362-DE-1-1_0.xml"
    assert made.data.startswith(b"<?xml version='1.0' encoding='ISO-8859-1'?>")
    assert {name.removeprefix(ACTES): value for name, value in root.attrib.items()} == {
        "Date": "2023-10-05", "NumeroInterne": "SG2023_362", "CodeNatureActe": "1",
    }  # fmt: skip
    assert [one.get(f"{ACTES}CodeMatiere") for one in root if "CodeMatiere" in one.tag] == ["5", "7"]
    assert root.findtext(f"{ACTES}Objet") == "Adhésion à l’école œuvrée"
    assert [one.text for one in root.iter(f"{ACTES}NomFichier")] == [
        f"99_DE-035-213502362-20231005-SG2023_362-DE-1-1_{rank}.pdf" for rank in range(1, 2 + annexes)
    ]
    assert root.find(f"{ACTES}Annexes").get(f"{ACTES}Nombre") == str(annexes)


@pytest.mark.parametrize(
    ("nature", "code"), [("DE", "1"), ("AR", "2"), ("AI", "3"), ("CC", "4"), ("BF", "5"), ("AU", "6")]
)  # fmt: skip
def test_each_nature_has_its_code(nature, code):
    root = etree.fromstring(metadata_of(act(nature=nature, matter="1.4.2"), classified_on=CLASSIFIED).data)
    SCHEMA.assertValid(root)
    assert root.get(f"{ACTES}CodeNatureActe") == code
    assert root.get(f"{ACTES}NumeroInterne") == "2023_076"


@pytest.mark.covers("INT-06")
def test_an_act_that_cannot_be_sent_says_all_that_it_lacks():
    town = Organization(name="Redon")
    bare = act(organization=town, state="draft", session_on=None, number="", matter="5", subject="x" * 501)
    with pytest.raises(Refusal) as refused:
        metadata_of(bare, classified_on=CLASSIFIED)
    assert str(refused.value) == (
        "Cet acte ne peut pas encore être transmis : il n’est pas voté ; le SIREN de la collectivité manque à sa fiche ; le "
        "département de la collectivité manque à sa fiche ; la date de séance manque ; le numéro manque ; la matière manque, ou "
        "n’a pas ses deux niveaux (5.7) ; l’objet dépasse 500 caractères. Complétez sa fiche."
    )
    with pytest.raises(Refusal, match="« DELIBERATION_2023_076 » : le numéro à la transmission a 15 lettres"):
        metadata_of(act(number="DELIBERATION-2023-076"), classified_on=CLASSIFIED)


@pytest.mark.covers("INT-06")
@pytest.mark.django_db
def test_whoever_keeps_an_act_downloads_its_metadata(world):
    with first_pool():
        made = load_act("redon", world["redon"])
    path = f"/actes/{made.pk}/metadonnees/"
    assert world.get(path).status == 200
    answer = world.client.post(path, {"classified_on": "13/11/2017", "annexes": "1"})
    assert answer["Content-Disposition"] == 'attachment; filename="035-213502362-20231005-SG2023_362-DE-1-1_0.xml"'
    SCHEMA.assertValid(etree.fromstring(answer.content))
    assert world.post(path, classified_on="", annexes="0").errors == ["Date du classement des matières : à remplir."]
    world.sign_in("office")
    assert world.get(path).status == 404
