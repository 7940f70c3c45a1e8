"""The identifier that the préfecture stamps on an act: read, checked, compared."""

from datetime import date
from types import SimpleNamespace

import pytest

from communis.agreements.transmissions import differences, transmission_of
from communis.kit.reading import Misread

REDON = "035-213502362-20231005-SG2023_362-DE"


def act(**given):
    organization = SimpleNamespace(siren="213502362", department="35")
    known = {"session_on": date(2023, 10, 5), "number": "2023-076", "sent_number": "SG2023_362", "nature": "DE"}
    return SimpleNamespace(**({"organization": organization} | known | given))


@pytest.mark.covers("T-39", "DOC-06")
def test_the_identifier_of_redon_says_who_when_and_what():
    read = transmission_of(f"  {REDON} ")
    assert (read.department, read.siren, read.on) == ("035", "213502362", date(2023, 10, 5))
    assert (read.number, read.nature, read.nature.label) == ("SG2023_362", "DE", "délibération")
    assert str(read) == REDON


@pytest.mark.covers("DOC-06")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("035-213502362-20231005-DE",
         "« 035-213502362-20231005-DE » n’est pas un identifiant de transmission : il a cinq parties séparées par des tirets "
         "(département, SIREN, date, numéro, nature), celui-ci en a 4. Recopiez le tampon : " + REDON + "."),
        ("35-213502362-20231005-SG2023_362-DE",
         "Identifiant de transmission : « 35 » n’est pas un département sur trois caractères (035, 02A, 974)."),
        ("035-21350236-20231005-SG2023_362-DE",
         "Identifiant de transmission : le SIREN a neuf chiffres, « 21350236 » n’en est pas un."),
        ("035-213502363-20231005-SG2023_362-DE",
         "Identifiant de transmission : la clé du SIREN 213502363 est fausse. Relisez les neuf chiffres du tampon."),
        ("035-213502362-20230229-SG2023_362-DE",
         "Identifiant de transmission : « 20230229 » n’est pas une date écrite AAAAMMJJ, comme 20231005 pour le 05/10/2023."),
        ("035-213502362-20231005-SG2023/362-DE",
         "Identifiant de transmission : le numéro « SG2023/362 » a de 1 à 15 lettres sans accent, chiffres ou tirets bas. "
         "Le numéro du registre, s’il est autre, s’écrit à part."),
        ("035-213502362-20231005-SG2023_362_B2-XX",
         "Identifiant de transmission : la nature « XX » n’existe pas. Il y a DE (délibération), AR (acte réglementaire), AI "
         "(acte individuel), CC (contrat, convention ou avenant), BF (document budgétaire et financier), AU (autre)."),
    ],
)  # fmt: skip
def test_an_identifier_that_is_none_is_told_by_the_part_that_is_wrong(typed, said):
    with pytest.raises(Misread) as problem:
        transmission_of(typed)
    assert str(problem.value) == said


@pytest.mark.parametrize("number", ["A" * 15, "1", "a_B_9"])
def test_a_number_has_up_to_fifteen_characters(number):
    assert transmission_of(f"035-213502362-20240229-{number}-DE").number == number
    with pytest.raises(Misread):
        transmission_of(f"035-213502362-20240229-{number:x<16}-DE")


def test_corsica_and_overseas_have_their_own_departments():
    assert [transmission_of(f"{d}-213502362-20231005-A-DE").department for d in ("02A", "02B", "974")] == ["02A", "02B", "974"]


@pytest.mark.covers("DOC-07")
def test_the_two_numbers_of_an_act_coexist():
    assert differences(transmission_of(REDON), act()) == []
    assert [str(d) for d in differences(transmission_of(REDON), act(sent_number=""))] == [
        "numéro : l’identifiant dit SG2023_362, la fiche 2023-076"
    ]


@pytest.mark.covers("DOC-06")
def test_what_the_identifier_says_otherwise_than_the_act_is_told():
    other = SimpleNamespace(siren="213500135", department="35")
    told = differences(transmission_of("056-213502362-20231006-SG2023_362-AR"), act(organization=other))
    assert [str(d) for d in told] == [
        "SIREN : l’identifiant dit 213502362, la fiche 213500135",
        "département : l’identifiant dit 056, la fiche 035",
        "date : l’identifiant dit 06/10/2023, la fiche 05/10/2023",
        "nature : l’identifiant dit acte réglementaire, la fiche délibération",
    ]
