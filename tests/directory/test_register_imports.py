"""Legal populations of the whole of France: in the pool, and in the shared register (INT-02)."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection

from communis.directory import checking
from communis.directory.loading import load_register, rows_of
from communis.directory.models import Fact, ReferencePopulation
from communis.directory.registering import faults, report, update_register
from communis.foundation import embedded
from communis.foundation.scope import pool_scope
from communis.foundation.testing import as_role
from factories.command import communis
from factories.importing import apply, errors, send, somebody, text_of
from factories.pools import FIRST, organization

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """The register as it ships, written by its owner and taken away afterwards."""
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        load_register()
    yield
    with django_db_blocker.unblock(), as_role(embedded.OWNER), connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_referencepopulation, directory_referencebody CASCADE")


@pytest.fixture
def as_owner(register, django_db_blocker):
    """Act as the owner of the register, whose writes are undone."""
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        yield
        ReferencePopulation.objects.filter(in_force_on__year=2031).delete()


@pytest.fixture
def pool(client, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "COMMUNIS_STAGED", tmp_path / "imports")
    with pool_scope(FIRST):
        organization("Sixt-sur-Aff", insee="35328")
        organization("Bains-sur-Oust", insee="35013")
        organization("Renac", insee="35237")
    return somebody(client)


def insee_file(year="2025", **changes):
    """The shipped populations of a year, in the layout of Insee; some cells changed: code → (PMUN, PCAP, PTOT)."""
    values = {}
    for row in rows_of("populations.csv.gz"):
        if row["annee"] == year:
            values.setdefault(row["insee"], {})[row["population"]] = row["valeur"]
    written = io.StringIO()
    table = csv.writer(written, delimiter=";")
    table.writerow(["REG", "Région", "DEP", "CODARR", "CODCAN", "CODCOM", "COM", "Commune", "PMUN", "PCAP", "PTOT"])
    for row in rows_of("communes.csv.gz"):
        code, found = row["insee"], values.get(row["insee"])
        if found is None:
            continue
        municipal, total = found["municipale"], found.get("totale", "")
        cells = (municipal, str(int(total) - int(municipal)) if total else "", total)
        table.writerow(["", "", row["departement"], "", "", code[-3:], code, row["nom"], *changes.get(f"c{code}", cells)])
    return written.getvalue()


CHOSEN = {"choix-year": "2025", "choix-reference": "2022", "choix-kinds": ["municipale", "comptée_à_part", "totale"]}


def facts():
    with pool_scope(FIRST):
        rows = (
            Fact.objects.unscoped().current().select_related("organization", "type").order_by("organization__sort_name", "kind")
        )
        return [(f.organization.name, f.type.code, f.kind, f.value, f.valid_on, f.until, f.source) for f in rows]


@pytest.mark.django_db
@pytest.mark.covers("INT-02", "ORG-06")
def test_the_populations_of_france_are_taken_for_the_pool_and_compared_with_the_register(register, pool):
    preview = send(pool, insee_file(c35328=("2223", "41", "2264"), c35013=("3521", "", "")), "populations", **CHOSEN)
    page = text_of(pool.get(preview))
    assert "3 communes seront complétées, 34 868 lignes seront laissées telles quelles." in page
    differing = text_of(pool.get(f"{preview}?montrer=remarques"))
    assert ("Diffère du registre : municipale 2 222 au registre, 2 223 ici ; totale 2 263 au registre, 2 264 ici.") in differing
    apply(pool, preview)
    year = (date(2025, 1, 1), date(2025, 12, 31), "Insee, populations légales 2022, en vigueur au 01/01/2025")
    assert facts() == [
        ("Bains-sur-Oust", "habitants", "municipale", 3521, *year),
        ("Renac", "habitants", "comptée_à_part", 22, *year),
        ("Renac", "habitants", "municipale", 1032, *year),
        ("Renac", "habitants", "totale", 1054, *year),
        ("Sixt-sur-Aff", "habitants", "comptée_à_part", 41, *year),
        ("Sixt-sur-Aff", "habitants", "municipale", 2223, *year),
        ("Sixt-sur-Aff", "habitants", "totale", 2264, *year),
    ]


@pytest.mark.django_db
@pytest.mark.covers("INT-02")
def test_one_population_can_be_chosen_and_a_later_file_corrects_it(register, pool):
    short = "COM;Commune;PMUN;PCAP;PTOT\n35328;Sixt-sur-Aff;2222;41;{}\n"
    chosen = {**CHOSEN, "choix-kinds": ["totale"]}
    first = send(pool, short.format(2263), "populations", **chosen)
    page = text_of(pool.get(first))
    assert "2 communes du service ne sont pas dans ce fichier : Bains-sur-Oust, Renac." in page
    apply(pool, first)
    assert [row[:4] for row in facts()] == [("Sixt-sur-Aff", "habitants", "totale", 2263)]
    silent = send(pool, short.format(2270).replace("41", ""), "populations", **chosen)
    assert errors(pool, silent) == [(2, "E", "Ce fait est déjà connu : 2 263.".replace(" 263", "\N{NO-BREAK SPACE}263"))]
    told = send(
        pool, short.format(2270).replace("41", ""), "populations", **chosen, **{"choix-reason": "Rectificatif de l’Insee"}
    )
    assert "Population totale au 01/01/2025 : 2 263 devient 2 270" in text_of(pool.get(told))
    apply(pool, told)
    assert [row[3] for row in facts()] == [2270]


@pytest.mark.django_db
def test_populations_that_contradict_each_other_are_told(register, pool):
    rows = ["35328;x;2222;40;2263", "35013;x;2222;;2221", "35237;x;2222;12;", "01001;x;;1;1", "01002;x;beaucoup;;", "01002;x;1;;"]
    preview = send(pool, "\n".join(["COM;Commune;PMUN;PCAP;PTOT", *rows]), "populations", **CHOSEN)
    assert errors(pool, preview) == [
        (2, "D", "La population comptée à part devrait être 41 : 2263 moins 2222."),
        (3, "E", "La population totale est plus petite que la municipale (2222)."),
        (4, "D", "La population comptée à part est là, et la totale manque."),
        (5, "C", "Cette cellule est vide."),
        (6, "C", "Ce nombre ne se lit pas."),
    ]


@pytest.mark.covers("INT-02")
def test_the_register_is_updated_by_its_owner(as_owner):
    content = insee_file("2025", c35328=("2300", "50", "2350")).encode("cp1252")
    told = []
    trial = update_register(content, year=2031, reference=2028, now=NOW, trial=True, progress=lambda *step: told.append(step))
    assert (told[-1], ReferencePopulation.objects.filter(in_force_on__year=2031).count()) == ((34_871, 34_871), 0)
    assert list(report(trial, 2031, True))[:2] == [
        "34\N{NO-BREAK SPACE}871\N{NO-BREAK SPACE}communes dans le fichier, populations en vigueur au 1er janvier 2031.",
        "  comptée à part : 34\N{NO-BREAK SPACE}871\N{NO-BREAK SPACE}populations seraient ajoutées",
    ]
    update_register(content, year=2031, reference=2028, now=NOW, trial=False, progress=lambda *_: None)
    found = ReferencePopulation.objects.filter(in_force_on=date(2031, 1, 1), body__insee="35328").order_by("kind")
    assert list(found.values_list("kind", "value", "source")) == [
        ("comptée_à_part", 50, "Insee, populations légales 2028, en vigueur au 01/01/2031"),
        ("municipale", 2300, "Insee, populations légales 2028, en vigueur au 01/01/2031"),
        ("totale", 2350, "Insee, populations légales 2028, en vigueur au 01/01/2031"),
    ]
    again = update_register(b"COM;PMUN;PTOT\n35328;2301;2350\n", year=2031, reference=None, now=NOW, trial=True, progress=print)
    assert list(report(again, 2031, True))[-2:] == [
        "  Sixt-sur-Aff : municipale 2\N{NO-BREAK SPACE}300 devient 2\N{NO-BREAK SPACE}301",
        "  Sixt-sur-Aff : comptée à part 50 devient 49",
    ]


def test_a_fault_keeps_the_register_as_it_is(as_owner):
    content = b"COM;PMUN;PTOT\n35328;2300;2350\n01001;12;11\n"
    found = update_register(content, year=2031, reference=None, now=NOW, trial=False, progress=lambda *_: None)
    assert list(faults(found)) == [
        "ligne 3, colonne C (PTOT) « 11 » : La population totale est plus petite que la municipale (12). Corrigez l’une des deux."
    ]
    assert not ReferencePopulation.objects.filter(in_force_on__year=2031).exists()


def test_the_shipped_files_are_right():
    run = communis("registre", "verifier")
    assert (run.status, run.err) == (0, "")
    assert re.fullmatch(r"34 969 communes, 1 25\d groupements, [\d ]+ populations légales : rien à redire\.", run.lines[0])


def test_what_is_wrong_with_a_shipped_file_is_told(monkeypatch):
    files = {name: list(rows_of(name)) for name in ("groupements.csv.gz", "communes.csv.gz", "populations.csv.gz")}
    files["communes.csv.gz"][0] |= {"siren": "210100013", "departement": "02", "groupement": "999999999"}
    files["populations.csv.gz"][1] |= {"valeur": "1"}
    files["populations.csv.gz"].append(dict(files["populations.csv.gz"][0]) | {"insee": "99999"})
    monkeypatch.setattr(checking, "rows_of", lambda name: iter(files[name]))
    assert checking.problems()[1] == [
        "communes : 01001 n’est pas dans le département « 02 »",
        "communes : 01001 a un SIREN faux, « 210100013 »",
        "communes : 01001 est d’un groupement inconnu, 999999999",
        "populations : 99999 2025 municipale est d’une commune inconnue",
        "populations : 01001 2025 a une totale (1) sous la municipale (859)",
    ]


def test_the_command_says_what_it_needs():
    assert communis("registre").status == 64
    assert communis("registre", "exporter").err == (
        "communis registre : VERBE : « exporter » est inconnu, au choix : 'verifier', 'importer' "
        "(voir « communis registre --help »).\n"
    )
    assert communis("registre", "importer", "nulle-part.csv", "--annee", "2027").err == (
        "communis : Le fichier nulle-part.csv ne se lit pas : il n’existe pas.\n"
    )
