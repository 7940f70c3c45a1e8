"""Council acts on their pages: entered on one screen, voted once, sent, found again, forgotten."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communis.agreements.founding import load_act
from communis.agreements.models import Adoption, Agreement, Attendance, PriceAct, PriorOpinion, Resolution, Version
from communis.agreements.operations import acts as operations
from communis.agreements.operations import memberships
from communis.agreements.searching import found_acts, found_articles
from communis.directory.models import Grant
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal
from factories.agreements import CLERK, asked
from factories.versions import act, in_force, joined
from factories.world import count_queries, first_pool

pytestmark = pytest.mark.django_db
IDENTIFIER = "035-213502362-20231005-SG2023_362-DE"


def remarks(page):
    """What the margin remarks on an act."""
    box = next((one for one in page.root.all("section") if one.attrs.get("aria-labelledby") == "remarques"), None)
    return [one.text for one in box.all("li")] if box else []


def draft(world, name="sixt", **given):
    with first_pool():
        known = {"subject": "Adhésion au service commun", "state": "draft", "number": "2026-07"}
        return operations.record_act(Resolution(organization=world[name], **(known | given)))


def stored(pk):
    with first_pool():
        return Resolution.objects.unscoped().get(pk=pk)


@pytest.mark.covers("DOC-01", "DOC-02", "DOC-03", "DOC-07", "DOC-09", "T-39")
def test_one_screen_takes_an_act_its_names_its_vote_and_its_transmission(world):
    form = world.get("/actes/saisir/")
    assert [f.all("legend")[0].text for f in form.main.all("fieldset", class_="group")] == [
        "L’acte", "La séance", "Qui était là", "Le vote", "La transmission et la publication", "Le texte",
    ]  # fmt: skip
    page = world.fill(
        "/actes/saisir/", organization=form.choice("organization", "Redon"), number="2023-076", session_on="05/10/2023",
        subject="Adhésion de la ville au service commun", session_at="18:00", convened_on="25/09/2023", posted_on="06/10/2023",
        place="Salle des Mariages", body="Conseil municipal", president="M. Alain Pradines", secretary="Mme Odile Valmont",
        reporter="M. Noël Kerbrat", in_office="29", present="26", proxies="2", excused="1", voters="28", votes_for="28",
        votes_against="0", abstained="0", is_unanimous="on",
        names="M. Noël Kerbrat > M. Alain Pradines\n\nMme Inès Ybert>Mme Odile Valmont", names_excused="M. Loïc Aubrac",
        opinions="Commission des finances ; 14/09/2023 ; favorable", sent_on="06/10/2023", received_on="06/10/2023",
        published_on="9 octobre 2023", online_on="10/10/2023", transmission=IDENTIFIER, visas="Vu le code",
        decisions="DÉCIDE d’adhérer",
        budget_sentence="Les crédits sont prévus.", remedies="Tribunal administratif de Rennes, deux mois.",
    )  # fmt: skip
    assert page.messages == ["Fait. L’acte est enregistré."]
    assert page.title == "Délibération n° 2023-076 du 05/10/2023"
    assert [b.text for b in page.main.all("span", class_="badge")][:1] == ["exécutoire"]
    assert page.terms("Séance et vote") == [
        ("En exercice", "29"), ("Présents", "26"), ("Procurations", "2"), ("Excusés sans pouvoir", "1"), ("Votants", "28"),
        ("Pour", "28"), ("Contre", "0"), ("Abstentions", "0"), ("Résultat", "à l’unanimité"),
    ]  # fmt: skip
    assert remarks(page) == ["information Le rapporteur est absent de la séance."]
    assert "SIREN 213502362, Redon (35236)" in page.margin
    assert "Exécutoire le 09/10/2023" in page.margin
    with first_pool():
        row = Resolution.objects.unscoped().get()
    assert (row.sent_number, row.session_at.hour, row.convened_on) == ("SG2023_362", 18, date(2023, 9, 25))
    with first_pool():
        assert [(a.name, a.presence, a.proxy_holder) for a in Attendance.objects.unscoped()] == [
            ("M. Noël Kerbrat", "proxy", "M. Alain Pradines"), ("Mme Inès Ybert", "proxy", "Mme Odile Valmont"),
            ("M. Loïc Aubrac", "excused", ""),
        ]  # fmt: skip
        assert [(o.body, o.on, o.opinion) for o in PriorOpinion.objects.unscoped()] == [
            ("Commission des finances", date(2023, 9, 14), "favourable")
        ]


@pytest.mark.covers("DOC-05")
def test_an_act_that_says_almost_nothing_is_kept(world):
    form = world.get("/actes/saisir/")
    page = world.fill("/actes/saisir/", organization=form.choice("organization", "Allaire"), subject="Adhésion au SIDEC",
                      missing="services choisis")  # fmt: skip
    assert page.messages == ["Fait. L’acte est enregistré."]
    assert remarks(page) == [
        "avertissement Le numéro au registre manque.",
        "avertissement La date de la séance manque : rien ne dit quand l’acte a été voté.",
        "avertissement Laissé en blanc dans l’acte : services choisis.",
        "avertissement Les chiffres du vote ne sont pas donnés.",
    ]  # fmt: skip
    again = world.fill("/actes/saisir/", organization=form.choice("organization", "Allaire"), subject="adhesion au sidec")
    assert (again.status, again.errors) == (422, [
        "« délibération » est déjà enregistré avec cet objet et sans numéro. Ouvrez sa fiche pour la compléter, ou donnez un "
        "numéro à celui-ci s’il est autre. Ouvrir sa fiche"])  # fmt: skip
    kept = {"organization": form.choice("organization", "Allaire"), "number": "2026-7", "session_on": "10/03/2026"}
    first = world.fill("/actes/saisir/", **kept, subject="Budget")
    twice = world.fill("/actes/saisir/", **kept, subject="Autre objet")
    assert (twice.status, twice.errors, twice.fields["subject"]) == (422, [
        "« délibération n° 2026-7 du 10/03/2026 » est déjà enregistré avec ce numéro et cette séance. Ouvrez sa fiche pour la "
        "compléter, ou corrigez le numéro ou la date de celui-ci. Ouvrir sa fiche"], "Autre objet")  # fmt: skip
    assert world.get(twice.links["Ouvrir sa fiche"]).title == first.title == "Délibération n° 2026-7 du 10/03/2026"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"session_on": "28/02/2024", "convened_on": "29/02/2024"}, [
            "Séance du : La séance du 28/02/2024 précède sa convocation du 29/02/2024 : un conseil est convoqué avant de siéger. "
            "Relisez les deux dates."]),
        ({"session_on": "29/02/2023"}, ["Séance du : Cette date n’existe pas : 29/02/2023."]),
        ({"names": "Mme Adèle Abgrall\n> M. Loïc Aubrac"}, [
            "Noms des présents et pouvoirs : Ligne 2, « > M. Loïc Aubrac » : écrivez « Nom », ou « Nom > celui qui porte le "
            "pouvoir »."]),
        ({"names_absent": "M. Loïc Aubrac > Mme Inès Ybert"}, [
            "Noms des absents : Ligne 1, « M. Loïc Aubrac > Mme Inès Ybert » : un pouvoir s’écrit avec les présents."]),
        ({"opinions": "Commission ; 14/09/2023 ; bon"}, [
            "Avis préalables : Ligne 1, « bon » : l’avis est l’un de favorable, favorable avec réserves, défavorable, sans avis "
            "exprimé."]),
        ({"opinions": "Commission"}, [
            "Avis préalables : Ligne 1, « Commission » : écrivez l’instance, la date et l’avis, séparés par des "
            "points-virgules."]),
        ({"transmission": "035-213502363-20231005-SG2023_362-DE"}, [
            "Identifiant de transmission : Identifiant de transmission : la clé du SIREN 213502363 est fausse. Relisez les neuf "
            "chiffres du tampon."]),
        ({"votes_for": "-1"}, ["Pour : Écrivez au moins 0."]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_lost(world, typed, errors):
    form = world.get("/actes/saisir/")
    page = world.fill("/actes/saisir/", organization=form.choice("organization", "Allaire"), subject="Objet", **typed)
    assert (page.status, page.errors) == (422, errors)
    assert [page.fields[name] for name in ("subject", *typed)] == ["Objet", *typed.values()]
    with first_pool():
        assert Resolution.objects.unscoped().count() == 0


def test_a_session_on_the_29_of_february_is_one(world):
    made = draft(world, state="adopted", convened_on=date(2024, 2, 25), session_on=date(2024, 2, 29))
    assert remarks(world.get(f"/actes/{made.pk}/")) == ["avertissement Les chiffres du vote ne sont pas donnés."]


@pytest.mark.covers("DOC-10")
def test_an_act_is_voted_once(world):
    made = draft(world)
    path = f"/actes/{made.pk}/"
    assert [b.text for b in world.get(path).main.all("span", class_="badge")][:1] == ["projet"]
    page = world.fill(f"{path}vote/", state="adopted", session_on="10/03/2026", votes_for="14")
    assert page.messages == ["Fait. Le vote est enregistré."]
    again = world.post(f"{path}vote/", organization=str(world["sixt"].pk), kind="resolution", nature="DE", state="rejected",
                       subject="Adhésion", session_on="11/03/2026")  # fmt: skip
    assert again.errors == [
        "Cet acte est déjà adopté à la séance du 10/03/2026 : il ne se vote pas deux fois. S’il y a une erreur, "
        "modifiez sa fiche."
    ]
    assert (stored(made.pk).state, stored(made.pk).session_on) == ("adopted", date(2026, 3, 10))
    page = world.get(f"{path}vote/")
    assert (page.status, page.url) == (302, path)
    with first_pool():
        for verb in (operations.adopt, operations.reject):
            with pytest.raises(Refusal, match="déjà adopté à la séance du 10/03/2026"):
                verb(made, on=date(2026, 3, 12))


def test_a_vote_says_what_was_decided_and_when(world):
    path = f"/actes/{draft(world).pk}/vote/"
    assert world.fill(path, session_on="10/03/2026").errors == ["Ce que le conseil a décidé : à choisir."]
    assert world.fill(path, state="rejected").errors == ["Séance du : Un acte voté l’est à une date : celle de la séance."]


@pytest.mark.covers("DOC-10")
def test_what_is_to_come_is_not_told_as_done(world):
    coming = timezone.localdate() + timedelta(days=3)
    typed = {"session_on": short_date(coming), "sent_on": short_date(coming), "received_on": short_date(coming),
             "published_on": short_date(coming)}  # fmt: skip
    form = world.get("/actes/saisir/")
    known = {"organization": form.choice("organization", "Allaire"), "subject": "Adhésion"}
    page = world.fill("/actes/saisir/", **known, **typed)
    told = f"Le {short_date(coming)} n’est pas encore venu : l’acte ne peut pas être déjà"
    unheld = (
        f"Séance du : La séance du {short_date(coming)} n’est pas encore tenue : l’acte ne peut pas être « adopté ». Laissez-le "
        "« inscrit à l’ordre du jour » jusque-là, ou corrigez la date."
    )
    assert sorted(page.errors) == sorted([
        unheld, f"Transmission du : {told} transmis. Relisez la date.",
        f"Reçue en préfecture le : {told} reçu en préfecture. Relisez la date.",
        f"Publication du : {told} publié. Relisez la date.",
    ])  # fmt: skip
    page = world.fill("/actes/saisir/", **known, session_on=short_date(coming), state="listed")
    assert page.messages == ["Fait. L’acte est enregistré."]
    with first_pool():
        made = Resolution.objects.unscoped().get()
    assert world.fill(f"/actes/{made.pk}/vote/", state="adopted").errors == [unheld]
    assert world.fill(f"/actes/{made.pk}/modifier/", state="adopted").errors == [unheld]
    voted = draft(world, state="adopted", session_on=date(2026, 3, 10))
    page = world.fill(f"/actes/{voted.pk}/transmission/", received_on=short_date(coming))
    assert page.errors == [f"Reçue en préfecture le : {told} reçu en préfecture. Relisez la date."]


@pytest.mark.covers("DOC-10")
def test_the_vote_on_a_note_makes_it_a_deliberation(world):
    made = draft(world, kind="memo")
    path = f"/actes/{made.pk}/vote/"
    form = world.get(path)
    assert (form.choices("kind"), form.fields["kind"]) == (["délibération", "décision"], "resolution")
    assert "L’acte préparé est de genre « note de synthèse » : le conseil vote une délibération." in form.text
    refused = world.post(path, **{**form.fields, "kind": "memo", "state": "adopted", "session_on": "10/03/2026"})
    assert (refused.status, stored(made.pk).state) == (422, "draft")
    page = world.fill(path, state="adopted", session_on="10/03/2026", votes_for="14")
    assert (page.messages, stored(made.pk).kind) == (["Fait. Le vote est enregistré."], "resolution")
    with first_pool():
        note = operations.record_act(Resolution(organization=world["sixt"], subject="Note", kind="memo", state="draft"))
        note.state, note.session_on = "adopted", date(2026, 3, 10)
        with pytest.raises(ValidationError, match="Un conseil ne vote pas un acte de genre « note de synthèse »"):
            operations.enter_vote(note, today=date(2026, 3, 11))


@pytest.mark.covers("DOC-10")
def test_an_act_is_listed_adjourned_voted_then_withdrawn(world):
    made = draft(world)
    states = []
    for state in ("listed", "adjourned"):
        page = world.fill(f"/actes/{made.pk}/etat/", state=state)
        assert page.messages == ["Fait. L’état de l’acte est changé."]
        states.append(stored(made.pk).state)
    with first_pool():
        operations.adopt(made, on=date(2026, 3, 10))
    form = world.get(f"/actes/{made.pk}/etat/")
    assert [i.attrs["value"] for i in form.main.all("input", type="radio")] == ["withdrawn"]
    page = world.fill(f"/actes/{made.pk}/etat/", state="withdrawn")
    assert [b.text for b in page.main.all("span", class_="badge")][:1] == ["retiré"]
    assert states == ["listed", "adjourned"]
    with first_pool(), pytest.raises(Refusal, match="déjà retiré"):
        operations.withdraw(made)


@pytest.mark.covers("DOC-06", "DOC-08")
def test_a_receipt_comes_later_than_the_vote(world):
    made = draft(world, "redon", state="adopted", session_on=date(2023, 10, 5), votes_for=28, convened_on=date(2023, 9, 25))
    path = f"/actes/{made.pk}/transmission/"
    page = world.fill(path, sent_on="06/10/2023", received_on="05/10/2023")
    assert page.errors == ["Reçue en préfecture le : Reçue le 05/10/2023 et transmise le 06/10/2023 : un acte est reçu après "
                           "avoir été transmis. Relisez les deux dates."]  # fmt: skip
    page = world.fill(path, sent_on="06/10/2023", received_on="06/10/2023", identifier=IDENTIFIER, published_on="09/10/2023")
    assert page.messages == ["Fait. La transmission est enregistrée."]
    assert "Exécutoire le 09/10/2023" in page.margin
    with first_pool(), pytest.raises(Refusal) as refused:
        operations.record_transmission(draft(world), sent_on=date(2026, 3, 11), today=date(2026, 3, 11))
    assert str(refused.value) == ("Cet acte est à l’état « projet » : seul un acte voté se transmet. Saisissez d’abord son vote.")


def test_two_clerks_who_change_the_same_act_lose_nothing(world):
    made = draft(world)
    path = f"/actes/{made.pk}/modifier/"
    first = world.get(path)
    world.fill(path, subject="Adhésion, par le premier")
    second = world.post(path, **{**first.fields, "subject": "Adhésion, par le second"})
    assert second.status == 422
    assert (
        "Erwan Talhouarn a modifié objet : « Adhésion au service commun » devient « Adhésion, par le premier »"
        in second.errors[0]
    )
    assert second.fields["subject"] == "Adhésion, par le second"
    assert stored(made.pk).subject == "Adhésion, par le premier"


# ------------------------------------------------------------ the list, the search


def test_the_list_is_searched_without_accents_and_filtered_by_its_address(world):
    draft(world, subject="Délibération d’adhésion à la brique bureautique", decisions="APPROUVE l’école numérique")
    draft(world, "redon", number="2023-076", state="adopted", session_on=date(2023, 10, 5), votes_for=28, kind="decision",
          received_on=date(2023, 10, 6), published_on=date(2023, 10, 9))  # fmt: skip

    def found(query):
        return [row[0] for row in world.get(f"/actes/?{query}").table("Les actes")]

    both = ["Délibération d’adhésion à la brique bureautique", "Adhésion au service commun"]
    assert found("") == both
    assert found("q=ECOLE+numerique") == both[:1]
    assert found("kind=decision") == both[1:]
    assert found("state=draft") == both[:1]
    assert (found("state=executory"), found("year=2023")) == (both[1:], both[1:])
    assert found(f"organization={world['redon'].pk}") == both[1:]
    for query in ("state=sent", "state=published", "year=2022", "year=99999", "q=rien"):
        assert "Rien ne répond à cette recherche." in world.get(f"/actes/?{query}").text
    response = world.client.get("/actes/", {"export": "csv", "year": "2023"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Objet;Séance;Genre;Numéro;Collectivité;Convention;État;Exécutoire le"
    assert lines[1].split(";")[3:] == ["2023-076", "Redon", "", "exécutoire", "09/10/2023"]
    assert len(lines) == 2


def test_the_states_of_the_list_are_those_of_the_records(world):
    today = date.today()
    days = [None, today - timedelta(days=1), today + timedelta(days=1)]
    with first_pool():
        every = [(s, r, p, None) for s in days for r in days for p in days]
        every.append((days[1], days[1], days[1], days[2]))  # received before its session: it binds no sooner
        for number, (sent, received, published, session) in enumerate(every):
            made = Resolution(organization=world["sixt"], subject=f"Acte {number}", number=str(number), session_on=session)
            made.sent_on, made.received_on, made.published_on = sent, received, published
            operations.record_act(made)
        rows = {row.subject: row.standing_on(today) for row in Resolution.objects.unscoped()}
    for state, word in (("sent", "transmis"), ("published", "publié"), ("executory", "exécutoire")):
        listed = world.get(f"/actes/?state={state}&par=100").table("Les actes")
        assert {row[0] for row in listed} == {subject for subject, standing in rows.items() if standing == word}


def test_the_list_asks_as_much_whatever_the_number_of_rows(world):
    draft(world)
    one = count_queries(world, "/actes/")
    for number in range(3):
        draft(world, "redon", number=f"2026-{number}")
    assert (count_queries(world, "/actes/"), one <= 8) == (one, True)


def test_acts_and_articles_are_found_by_their_words(world):
    draft(world, decisions="APPROUVE l’école numérique")
    with first_pool():
        agreement = Agreement(name="Service commun", short_name="SC")
        agreement.save()
        version = Version(agreement=agreement, label="2", status="pending")
        version.save()
        version.articles.create(rank=1, number="7.1", title="Coût", text="La part variable est de 0,25 € par habitant.")
        director, elected = world.accounts["director"], world.accounts["elected"]
        for user in (director, elected):
            user.grants = tuple(Grant.objects.unscoped().filter(account=user))
        assert [str(a) for a in found_acts(director, ["ecole", "NUMÉRIQUE"])] == ["délibération n° 2026-07"]
        assert list(found_acts(director, [])) == list(found_acts(elected, ["ecole"])) == []
        assert [str(a) for a in found_articles(elected, ["part variable"])] == ["article 7.1"]
        version.status = "draft"
        version.save()
        assert list(found_articles(elected, ["variable"])) == []


@pytest.mark.covers("DOC-25")
def test_an_act_shows_what_it_authorised(world):
    made = draft(world, "host", state="adopted", session_on=date(2026, 3, 10), received_on=date(2026, 3, 12),
                 published_on=date(2026, 3, 13), votes_for=20, convened_on=date(2026, 3, 1))  # fmt: skip
    with first_pool():
        agreement = Agreement(name="Service commun", short_name="Service commun")
        agreement.save()
        Version(agreement=agreement, label="2", status="approved", starts_on=date(2026, 4, 1), adopted_by=made).save()
        PriceAct(agreement=agreement, parameter="part_fixe", value=1, starts_on=date(2026, 3, 11), decided_by=made,
                 reference="2026-07").save()  # fmt: skip
    page = world.get(f"/actes/{made.pk}/")
    assert page.table("Ce que cet acte a autorisé") == [
        ["Version de convention", "Service commun, version 2", "1er avr. 2026"],
        ["Prix", page.table("Ce que cet acte a autorisé")[1][1], "11 mars 2026"],
    ]
    assert remarks(page) == [
        "avertissement Prix, le 11/03/2026, avant que l’acte soit exécutoire, le 13/03/2026. L. 2131-1 du CGCT"
    ]


@pytest.mark.covers("DOC-08", "DOC-25")
def test_a_signature_given_before_its_act_binds_is_told_once(world):
    with first_pool():
        vote = act(world["sixt"], date(2026, 1, 12), received_on=date(2026, 1, 14), published_on=date(2026, 1, 15), number="1",
                   convened_on=date(2026, 1, 7), votes_for=14)  # fmt: skip
        made = asked(world["sixt"], in_force("redon", world["host"], date(2022, 9, 1)).agreement, date(2026, 1, 5))
        memberships.sign(made, "member", signatory="Ada Riou", quality="maire", on=date(2026, 1, 14), by=CLERK, act=vote)
    page = world.get(f"/actes/{vote.pk}/")
    assert [row[0] for row in page.table("Ce que cet acte a autorisé")] == ["Signature de la convention"]
    assert remarks(page) == [
        "avertissement Signature de la convention, le 14/01/2026, avant que l’acte soit exécutoire, le 15/01/2026. "
        "L. 2131-1 du CGCT"
    ]


@pytest.mark.covers("DOC-08", "T-40")
def test_a_version_is_adopted_by_the_vote_itself_and_what_the_vote_authorized_waits_until_it_binds(world):
    with first_pool():
        version = in_force("redon", world["host"], date(2022, 9, 1))
        vote = act(world["redon"], date(2023, 10, 5), received_on=date(2023, 10, 6), published_on=date(2023, 10, 9), number="76",
                   authorizes="les avenants de renouvellement", convened_on=date(2023, 9, 25), votes_for=28)  # fmt: skip
        member = joined(world["redon"], version, date(2023, 10, 12), adopted=False)
        adoption = Adoption(membership=member, version=version, on=date(2023, 10, 5), decided_by=vote)
        adoption.save()
    page = world.get(f"/actes/{vote.pk}/")
    assert page.table("Ce que cet acte a autorisé")[0][2] == "5 oct. 2023"
    assert remarks(page) == []
    with first_pool():
        adoption.decided_by, adoption.authorized_by = None, vote
        adoption.save()
    assert remarks(world.get(f"/actes/{vote.pk}/")) == [
        "avertissement Adoption d’une version, le 05/10/2023, avant que l’acte soit exécutoire, le 09/10/2023. L. 2131-1 du CGCT"
    ]


# ------------------------------------------------------------ who


def test_a_member_keeps_the_acts_of_its_own_council_and_no_other(world):
    own, other, hosts = draft(world), draft(world, "redon"), draft(world, "host", state="adopted", number="CC-1")
    drafted = draft(world, "host", number="CC-2")
    world.sign_in("office")
    form = world.get("/actes/saisir/")
    assert form.choices("organization") == ["à choisir", "Sixt-sur-Aff"]
    assert world.fill(f"/actes/{own.pk}/modifier/", subject="Adhésion, corrigée").messages == ["Fait. C’est enregistré."]
    assert [world.get(f"/actes/{one.pk}/").status for one in (own, hosts, other, drafted)] == [200, 200, 404, 404]
    assert [world.get(f"/actes/{one.pk}/modifier/").status for one in (hosts, other)] == [404, 404]
    assert world.get(f"/historique/actes/{hosts.pk}/").status == 404
    moved = world.post(f"/actes/{own.pk}/modifier/", **{**form.fields, "organization": str(world["redon"].pk), "subject": "x"})
    assert (moved.status, stored(own.pk).organization_id) == (422, world["sixt"].pk)
    world.sign_in("elected")
    assert world.get("/actes/saisir/").status == 404


@pytest.mark.covers("SEC-14")
def test_the_names_of_an_act_are_forgotten_in_its_record_and_its_history(world):
    with first_pool():
        made = load_act("grand_nancy", world["redon"])
        names = {a.name for a in Attendance.objects.unscoped().filter(resolution=made)}
        holders = {a.proxy_holder for a in Attendance.objects.unscoped().filter(resolution=made)} - {""}
        operations.record_act(
            made, names=[operations.Named(name) for name in sorted(names)[:3]]
        )  # the others are in history alone
    world.sign_in("office")
    assert world.get(f"/actes/{made.pk}/noms/").status == 404
    world.sign_in("director")
    page = world.fill(f"/actes/{made.pk}/noms/")
    assert page.messages == ["Fait. Les noms sont effacés, dans la fiche et dans son historique."]
    tables = ("agreements_resolution", "agreements_resolutionevent", "agreements_attendance", "agreements_attendanceevent")
    with first_pool(), connection.cursor() as cursor:
        texts = []
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, '|') FROM {table} t")
            texts.append(cursor.fetchone()[0] or "")
    assert [bool(text) for text in texts] == [True] * 4  # the rows are there to be read
    assert {name for name in names | holders if any(name in text for text in texts)} == set()
    assert (len(names), stored(made.pk).president, stored(made.pk).subject[:10]) == (29, "", "Convention")


@pytest.mark.covers("SEC-14")
def test_an_act_without_a_name_is_whole(world):
    made = draft(world, state="adopted", session_on=date(2026, 3, 10), in_office=15, present=12, proxies=2, absent=1, voters=14,
                 votes_for=14)  # fmt: skip
    page = world.get(f"/actes/{made.pk}/")
    assert (page.status, remarks(page)) == (200, [])


def test_the_record_of_an_act_asks_a_bounded_number_of_queries(world):
    made = draft(world)
    with CaptureQueriesContext(connection) as asked:
        world.get(f"/actes/{made.pk}/")
    assert len(asked) <= 40
