"""A fact taken away from the demonstrations: the lines that read it are refused and name it, and no amount changes."""

import pytest

from communis.tariff import Tables, compute, read_convention, read_folder
from communis.tariff.convention import shipped

SETTLED = {
    "redon": {}, "sicoval": {}, "nimes_metropole": {},
    "sidec": {"AMB-27": "totale", "AMB-28": "par_jour", "AMB-29": "dans_les_deux_sens", "AMB-30": "fin_d_année"},
    "grand_nancy": {"AMB-41": "de_2021_à_2023"},
}  # fmt: skip
YEARS = {"sicoval": 2025}
CAPPED = {"plafond_de_fonctionnement"}
REFUSED = [
    ("redon", "habitants", {"contribution", "contribution_groupements", "prix_audit"}, 12),
    ("sidec", "habitants", {"régularisation"}, 10),
    ("sidec", "charges_de_personnel", {"régularisation"}, 10),
    ("sidec", "fournitures", {"régularisation"}, 10),
    ("sidec", "renouvellement_des_biens", {"régularisation"}, 10),
    ("sidec", "contrats_de_services", {"régularisation"}, 10),
    ("sidec", "modifications_prévisibles", {"régularisation"}, 10),
    ("sicoval", "habitants", {"contribution"}, 8),
    ("sicoval", "avec_dsi", {"contribution", "jours_dus"}, 12),
    ("nimes_metropole", "compte_fonctionnement", {"contribution"}, 9),
    ("nimes_metropole", "compte_investissement", {"contribution"}, 9),
    ("nimes_metropole", "etp_affectés", {"contribution"}, 9),
    ("nimes_metropole", "coût_d_un_etp", {"contribution"}, 9),
    ("nimes_metropole", "dépenses_de_fonctionnement", {"contribution"}, 9),
    ("nimes_metropole", "dépenses_d_investissement", {"contribution"}, 9),
    ("grand_nancy", "forfait_masse_salariale", {"masse_salariale"} | CAPPED, 25),
    ("grand_nancy", "postes_de_travail", {"masse_salariale", "coûts_indirects"} | CAPPED, 25),
    ("grand_nancy", "go_stockés", {"coûts_indirects"} | CAPPED, 25),
    ("grand_nancy", "comptes", {"coûts_indirects"} | CAPPED, 25),
]  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    """Return a convention, its demonstration and what it gives, each computed once."""
    known = {}

    def ask(slug):
        if slug not in known:
            convention = read_convention(shipped(slug), examples=False)
            tables = read_folder(shipped(slug), convention.model, fictitious=True)
            known[slug] = convention, tables, computed(convention, tables, slug)
        return known[slug]

    return ask


def computed(convention, tables, slug):
    result = compute(convention, tables, YEARS.get(slug, 2024), readings=SETTLED[slug])
    assert result.verified
    return result.to_json()["members"]


def lines(members):
    return {(member["name"], line["line"], line["offer"]): line for member in members for line in member["lines"]}


@pytest.mark.covers("T-07", "TAR-03")
@pytest.mark.parametrize(("slug", "fact", "refused", "blocked"), REFUSED, ids=[f"{slug}-{fact}" for slug, fact, *_ in REFUSED])
def test_without_a_fact_what_reads_it_is_refused_and_no_amount_becomes_another(opened, slug, fact, refused, blocked):
    convention, tables, before = opened(slug)
    kept = {name: rows for name, rows in tables.facts.items() if name != fact}
    after = computed(
        convention, Tables(tables.members, tables.choices, kept, tables.registers, tables.issued, tables.decisions), slug
    )
    whole, holed = lines(before), lines(after)
    assert [key for key, line in holed.items() if line["outcome"] == "amount" and line["amount"] != whole[key]["amount"]] == []
    told = {key: line for key, line in holed.items() if line["outcome"] == "refused" != whole[key]["outcome"]}
    assert {name for _, name, _ in told} == refused
    assert [line for line in told.values() if {reason["kind"] for reason in line["reasons"]} != {"missing"}] == []
    assert [r["text"] for line in told.values() for r in line["reasons"] if f"{fact}" not in r["text"]] == []
    stopped = {who for who, _, _ in told}
    unpaid = {who for (who, _, _), line in told.items() if line["unit"] == "€"}
    assert (len(stopped), {m["blocked"] for m in after if m["name"] in stopped}) == (blocked, {True})
    assert {m["total"] for m in after if m["name"] in unpaid} == {None}
