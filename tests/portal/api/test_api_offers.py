"""What offers would cost, by program: the amounts and the trees of the page, no other."""

import json
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

import communis.tariff
from communis.catalog.api import amount_text
from communis.directory.models import Fact, Organization
from communis.directory.register import ReferenceBody
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool
from factories.pools import FIRST
from factories.reading import ENTERED, token
from portal.api.conftest import Program

pytestmark = pytest.mark.django_db
SCHEMA = Path(communis.tariff.__file__).parent / "schemas" / "explanation-2.schema.json"


@pytest.fixture
def redon(world, register):
    """Put the first pool under the agreement of Redon, with a commune of the register outside the service."""
    with pool_scope(FIRST):
        Pool.objects.filter(pk=FIRST).update(convention="redon")
        Organization.objects.unscoped().filter(pk=world.host.pk).update(reference_id=register)
        body = ReferenceBody.objects.get(insee="35001")
        Organization.objects.unscoped().filter(pk=world.member.pk).update(reference=body)
        world.host.refresh_from_db()
        world.member.phone = "02 99 00 00 09"
        world.member.save()
        Fact(type=world.people, organization=world.member, kind="totale", number=2400, valid_on="2024-01-01", until="2024-12-31",
             source="Insee", entered_by="Claire Diot", entered_at=ENTERED).save()  # fmt: skip
    return world


def line(key, label, articles, amount, words):
    return {"key": key, "label": label, "articles": articles, "amount": amount, "words": words, "mark": ""}


AUDIT = line("audit-prix_audit-2024", "Audit", "art.\u00a07.2.1", "3500.00", "3\u00a0500,00\u00a0€")
GROUPS = line("groupements-contribution_groupements-2024", "Groupements d’achats, contribution annuelle", "art.\u00a07.2.2",
              "1850.00", "1\u00a0850,00\u00a0€")  # fmt: skip
OFFERS_2024 = [
    {
        "name": "socle_complet", "label": "Socle complet", "total": "5600.00",
        "lines": [
            line("socle_complet-contribution-2024", "Socle complet, contribution annuelle", "art.\u00a07.1", "5600.00",
                 "5\u00a0600,00\u00a0€"),
            line("socle_complet-audit_préalable-2024", "Audit technique préalable au socle complet", "art.\u00a03.1", "0.00",
                 "0,00\u00a0€"),
        ],
    },
    {"name": "audit", "label": "Audit", "total": "3500.00", "lines": [AUDIT]},
    {"name": "groupements", "label": "Groupements d’achats", "total": "1850.00", "lines": [GROUPS]},
    {
        "name": "annexe_complète", "label": "Socle annexe complet", "total": "5350.00",
        "lines": [{**one, "key": f"annexe_complète-{one['key'].partition('-')[2]}"} for one in (AUDIT, GROUPS)],
    },
]  # fmt: skip


@pytest.mark.covers("SEC-02")
def test_the_offers_of_an_organization_are_read_by_the_service_and_by_itself(redon):
    path = f"organizations/{redon.member.pk}/offers"
    expected = {
        "convention": "Service commun des systèmes d’information", "version": None, "member": "Aubépine", "exercise": "2024",
        "notice": "Simulation, pas une facture : chaque offre est supposée tenue toute l’année.", "offers": OFFERS_2024,
        "missing": [], "set_aside": [],
    }  # fmt: skip
    assert Program(token(redon.director)).json(path, exercise=2024) == expected
    mayor = Program(token(redon.mayor))
    assert mayor.json(path, exercise=2024) == expected
    assert mayor.get(f"organizations/{redon.other.pk}/offers", exercise=2024).status_code == 404
    assert mayor.get("territory/35003/offers", exercise=2024).status_code == 404
    assert Program(token(redon.stranger)).get(path, exercise=2024).status_code in (401, 404)


def test_the_offers_of_a_commune_outside_the_service_say_what_is_missing(redon):
    found = Program(token(redon.director)).json("territory/35003/offers", exercise=2024)
    assert (found["member"], found["missing"]) == (
        "Éclair",
        [{"fact": "habitants", "year": 2024, "words": "population totale 2024 (habitants)", "unit": "hab"}],
    )
    contribution = found["offers"][0]["lines"][0]
    assert (contribution["amount"], found["offers"][0]["total"]) == (None, None)
    enrolled = Program(token(redon.director)).json("territory/35001/offers", exercise=2024)
    assert enrolled["offers"] == OFFERS_2024


def test_the_tree_of_a_line_follows_its_schema_and_ends_at_the_article(redon):
    path = f"organizations/{redon.member.pk}/offers/explanation"
    found = Program(token(redon.mayor)).json(path, exercise=2024, line="socle_complet-contribution-2024")
    jsonschema.validate(found, json.loads(SCHEMA.read_text("utf-8")))
    (tree,) = found.pop("lines")
    assert found == {"schema": "communis/explanation/2", "member": "Aubépine", "exercise": "2024"}
    assert (tree["kind"], tree["result"], [a["reference"] for a in tree["articles"]]) == (
        "line", "5\u00a0600,00\u00a0€", ["article 7.1"],
    )  # fmt: skip
    assert Program(token(redon.mayor)).get(path, exercise=2024, line="rien").status_code == 404
    other = f"organizations/{redon.other.pk}/offers/explanation"
    assert Program(token(redon.mayor)).get(other, exercise=2024, line="audit-prix_audit-2024").status_code == 404


def test_a_service_without_an_agreement_has_no_offers(world):
    found = Program(token(world.director)).json(f"organizations/{world.member.pk}/offers", exercise=2024)
    assert found == {"convention": None, "version": None, "member": "Aubépine", "exercise": "2024", "missing": [], "offers": [],
                     "notice": "Ce service n’a pas encore de convention : ses offres et leurs prix viendront d’elle.",
                     "set_aside": []}  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, None), (Fraction(0), "0.00"), (Fraction(-5, 2), "-2.50"), (Fraction(1, 100), "0.01"), (Fraction(1, 8), "0.125"),
     (Fraction(123456, 10), "12345.60"), (Fraction(-1, 100), "-0.01")],
)  # fmt: skip
def test_amounts_are_exact_texts(amount, text):
    assert amount_text(amount) == text
