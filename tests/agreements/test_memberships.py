"""Memberships from the request to the effect, their choices and each change of them, by the verbs."""

from datetime import date
from decimal import Decimal

import pytest

from communis.agreements.applicable import version_for
from communis.agreements.choices import counted_with_included, holders_on, spans_of, tables_kept, tables_with_choices
from communis.agreements.models import Adoption, Choice, ChoiceForm, Examination, Membership, Obligation, Step, Version
from communis.agreements.operations import choosing, correcting, memberships
from communis.foundation.history import event_model
from communis.kit.refusals import Refusal
from factories.agreements import CLERK, act, active, agreement, article, asked, author, signed, wish
from factories.pools import organization

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)


def refused(verb, *args, **named):
    with pytest.raises(Refusal) as caught:
        verb(*args, **named)
    return str(caught.value)


def steps(membership):
    return [(s.kind, s.on, str(s.decided_by or "")) for s in Step.objects.unscoped().filter(membership=membership)]


def fresh(membership):
    return Membership.objects.unscoped().select_related("organization", "agreement").get(pk=membership.pk)


@pytest.mark.covers("MEM-06", "MEM-08")
def test_a_membership_goes_from_request_to_effect_by_dated_steps_each_with_its_author_and_act(pool):
    redon = agreement()
    made = asked(pool["sixt"], redon)
    assert made.state_on(date(2023, 9, 1)) == "preparing"
    memberships.record_step(made, "audited", on=date(2023, 10, 2), by=CLERK)
    choosing.choose(made, wish("audit", "groupements", on=DAY, groupements=date(2024, 3, 1)), by=CLERK)
    vote = act(pool["sixt"], on=date(2023, 10, 5), number="2023-41")
    memberships.record_step(made, "voted", act=vote, by=CLERK)
    signed(made)
    assert memberships.take_effect(made, by=CLERK).remarks == ()
    made = fresh(made)
    assert (made.effect_on, made.ends_on, made.state_on(DAY)) == (DAY, None, "active")
    told = "délibération n° 2023-41 du 05/10/2023"
    assert steps(made) == [
        ("requested", date(2023, 9, 1), ""), ("audited", date(2023, 10, 2), ""), ("voted", date(2023, 10, 5), told),
        ("signed_member", date(2023, 12, 20), ""), ("signed_host", date(2023, 12, 20), ""), ("effect", DAY, told),
    ]  # fmt: skip
    assert {s.entered_by for s in Step.objects.unscoped().filter(membership=made)} == {"Erwan Talhouarn"}
    rows = Choice.objects.unscoped().filter(form__membership=made).values_list("offer", "starts_on")
    assert sorted(rows) == [("audit", DAY), ("groupements", date(2024, 3, 1))]


def test_a_request_is_refused_to_the_host_to_who_is_there_already_and_when_the_convention_is_closed(pool):
    redon = agreement()
    assert refused(asked, pool["host"], redon) == (
        "REDON Agglomération est le gestionnaire : il n’adhère pas à sa propre convention."
    )
    asked(pool["sixt"], redon)
    assert refused(asked, pool["sixt"], redon) == (
        "Sixt-sur-Aff a déjà une adhésion à « Convention redon » en préparation, demandée le 01/09/2023."
    )
    active(pool["allaire"], redon, "socle_complet")
    assert refused(asked, pool["allaire"], redon, on=date(2025, 2, 1)) == (
        "Allaire adhère déjà à « Convention redon » depuis le 01/01/2024."
    )
    after = agreement(name="Suivante")
    old = agreement(name="Ancienne", closed_on=date(2023, 6, 30), successor=after)
    assert refused(asked, pool["sixt"], old) == (
        "« Ancienne » n’accepte plus d’adhésion depuis le 30/06/2023. Demandez « Suivante », qui la remplace."
    )
    assert refused(asked, pool["redon"], redon, on=date(2030, 1, 1)) == (
        "Une demande ne peut pas être datée du 01/01/2030 : ce jour n’est pas encore venu."
    )


@pytest.mark.covers("MEM-07")
def test_no_membership_takes_effect_without_the_act_of_its_own_council_and_what_is_missing_is_told(pool):
    redon = agreement()
    made = asked(pool["sixt"], redon)
    assert refused(memberships.take_effect, made, by=CLERK, chosen_on=DAY) == (
        "L’adhésion de Sixt-sur-Aff ne peut pas prendre effet. Il manque : délibération de Sixt-sur-Aff (sans elle, l’adhésion "
        "ne prend pas effet) ; signature du membre (la convention se signe des deux parties) ; signature du gestionnaire (la "
        "convention se signe des deux parties)."
    )
    gaps = [(gap.label, gap.blocks) for gap in memberships.gaps_of(made, version_for(made, DAY), DAY)]
    assert gaps == [
        ("Délibération de Sixt-sur-Aff", True), ("Formulaire des choix", False), ("Signature du membre", True),
        ("Signature du gestionnaire", True),
    ]  # fmt: skip
    signed(made)
    host = act(pool["host"])
    assert refused(memberships.record_step, made, "voted", act=host, by=CLERK) == (
        "« délibération du 12/12/2023 » est un acte de REDON Agglomération : il faut un acte de Sixt-sur-Aff."
    )
    rejected = act(pool["sixt"], state="rejected")
    assert refused(memberships.record_step, made, "voted", act=rejected, by=CLERK) == (
        "« délibération du 12/12/2023 » est à l’état « rejeté » : seul un acte adopté engage Sixt-sur-Aff."
    )
    order = act(pool["sixt"], kind="decision")
    assert refused(memberships.record_step, made, "voted", act=order, by=CLERK) == (
        "« décision du 12/12/2023 » est de la nature « décision » : il faut une délibération de Sixt-sur-Aff."
    )
    memberships.record_step(made, "voted", act=act(pool["sixt"]), by=CLERK)
    memberships.take_effect(made, by=CLERK, chosen_on=DAY)
    assert fresh(made).effect_on == DAY


@pytest.mark.covers("ORG-05")
def test_an_associated_body_adheres_in_its_own_name_by_its_own_deliberation(pool):
    redon = agreement()
    ccas = organization("CCAS de Redon", type="CCAS", parent=pool["redon"])
    made = asked(ccas, redon)
    assert refused(memberships.record_step, made, "voted", act=act(pool["redon"]), by=CLERK) == (
        "« délibération du 12/12/2023 » est un acte de Redon : il faut un acte du CCAS de Redon."
    )
    memberships.record_step(made, "voted", act=act(ccas), by=CLERK)
    signed(made)
    memberships.take_effect(made, by=CLERK, chosen_on=DAY)
    assert fresh(made).state_on(DAY) == "active"
    assert not Membership.objects.unscoped().filter(organization=pool["redon"]).exists()


@pytest.mark.covers("MEM-09")
def test_the_effect_follows_the_rule_of_the_convention_and_its_differences_are_told(pool):
    redon = agreement()
    made = asked(pool["sixt"], redon)
    choosing.choose(made, wish("socle_complet", on=DAY), by=CLERK)
    memberships.record_step(made, "voted", act=act(pool["sixt"], on=date(2024, 1, 16)), by=CLERK)
    signed(made, on=date(2024, 1, 18))
    assert memberships.take_effect(made, by=CLERK).remarks == (
        "Date d’effet choisie : 01/01/2024 ; retenue : 18/01/2024.",
        "La délibération n’est exécutoire que le 21/01/2024, après la date d’effet.",
    )
    assert fresh(made).effect_on == date(2024, 1, 18)
    form = ChoiceForm.objects.unscoped().get(membership=made)
    assert (form.starts_on, form.choices.unscoped().get().starts_on) == (date(2024, 1, 18), date(2024, 1, 18))
    vote = act(pool["allaire"], on=date(2024, 2, 6), published_on=None)
    other = asked(pool["allaire"], agreement("sidec"))
    memberships.record_step(other, "voted", act=vote, by=CLERK)
    assert refused(memberships.take_effect, other, by=CLERK) == (
        "Fait manquant : la date d’effet choisie, car la convention ne dit pas quand l’adhésion prend effet. Donnez la date "
        "d’effet que les parties ont choisie."
    )
    assert memberships.take_effect(other, by=CLERK, chosen_on=date(2024, 2, 1)).remarks == (
        "La délibération est du 06/02/2024, après la date d’effet.",
        "La délibération n’est pas encore exécutoire : sa réception en préfecture ou sa publication manque.",
        "Les choix sont laissés en blanc : l’adhésion prendrait effet sans aucune offre.",
        "Signature du membre : la convention se signe des deux parties.",
        "Signature du gestionnaire : la convention se signe des deux parties.",
    )


@pytest.mark.covers("MEM-10", "DOC-11")
def test_after_the_adhesion_choices_change_by_a_decision_and_the_former_ones_close_on_the_eve(pool):
    made = active(pool["sixt"], agreement(), "audit")
    on = date(2025, 3, 1)
    change = wish("socle_complet", on=on, stated_on=date(2025, 2, 3))
    assert refused(choosing.choose, made, change, by=CLERK) == (
        "Après l’adhésion, un changement se décide : rattachez la décision ou la délibération de Sixt-sur-Aff."
    )
    decision = act(pool["sixt"], on=date(2025, 2, 4), kind="decision")
    choosing.choose(made, wish("socle_complet", on=on, act=decision, stated_on=date(2025, 2, 3)), by=CLERK)
    forms = ChoiceForm.objects.unscoped().filter(membership=made).order_by("starts_on")
    assert [(f.starts_on, f.ends_on, str(f.decided_by or "")) for f in forms] == [
        (DAY, date(2025, 2, 28), ""), (on, None, "décision du 04/02/2025"),
    ]  # fmt: skip
    assert [(s.offer, s.first, s.last) for s in spans_of()] == [
        ("audit", DAY, date(2025, 2, 28)), ("socle_complet", on, None),
    ]  # fmt: skip
    assert steps(made)[-1] == ("choices", on, "décision du 04/02/2025")


@pytest.mark.covers("MEM-43")
def test_overlaps_gaps_and_days_outside_the_membership_are_refused(pool):
    made = active(pool["sixt"], agreement(), "audit")
    decision = act(pool["sixt"], on=date(2024, 2, 6), kind="decision")

    def said(on, **days):
        return refused(choosing.choose, made, wish("groupements", on=on, act=decision, **days), by=CLERK)

    assert said(DAY) == (
        "Les derniers choix commencent le 01/01/2024 : les nouveaux viennent après ce jour. S’ils ont été enregistrés par "
        "erreur, retirez d’abord l’étape « choix modifiés »."
    )
    assert said(date(2023, 12, 1)).startswith("L’adhésion prend effet le 01/01/2024 : ces choix commenceraient avant.")
    assert said(date(2024, 6, 1), groupements=date(2024, 7, 1)) == (
        "Aucune offre ne prend effet le 01/06/2024 : ces choix laisseraient des jours sans offre."
    )
    ChoiceForm.objects.unscoped().filter(membership=made).update(ends_on=date(2024, 4, 30))
    assert said(date(2024, 6, 1)) == ("Les choix précédents finissent le 30/04/2024 : les nouveaux commencent le lendemain.")
    assert ChoiceForm.objects.unscoped().filter(membership=made).count() == 1
    choosing.choose(made, wish("groupements", on=date(2024, 5, 1), act=decision), by=CLERK)


@pytest.mark.covers("T-28", "CAT-14")
def test_3bis_without_3_is_refused_with_the_words_of_the_convention_and_taken_with_it(pool):
    made = asked(pool["sixt"], agreement("nimes_metropole", starts_on=date(2022, 4, 4)))
    said = refused(choosing.choose, made, wish("vidéo_intelligente", on=DAY), by=CLERK)
    assert "« 3BIS. Vidéo Surveillance Intelligente » exige « 3. Vidéoprotection »" in said
    assert not Choice.objects.unscoped().exists()
    choosing.choose(made, wish("vidéo_intelligente", "vidéoprotection", "conseil", on=DAY), by=CLERK)
    rows = Choice.objects.unscoped().values_list("offer", flat=True)
    assert sorted(rows) == ["vidéo_intelligente", "vidéoprotection"]  # the base brick comes with them


def test_an_offer_kept_by_a_change_stays_one_holding_and_one_left_cannot_be_needed(pool):
    made = active(pool["sixt"], agreement("nimes_metropole", starts_on=date(2022, 4, 4)), "vidéoprotection", "internet")
    decision = act(pool["sixt"], on=date(2024, 2, 6), kind="decision")
    choosing.choose(made, wish("vidéoprotection", on=date(2024, 6, 1), act=decision), by=CLERK)
    assert [(s.offer, s.first, s.last) for s in spans_of()] == [
        ("internet", DAY, date(2024, 5, 31)), ("vidéoprotection", DAY, None),
    ]  # fmt: skip
    choosing.choose(made, wish("vidéoprotection", "vidéo_intelligente", on=date(2024, 9, 1), act=decision), by=CLERK)
    said = refused(choosing.choose, made, wish("vidéo_intelligente", on=date(2025, 1, 1), act=decision), by=CLERK)
    assert "exige « 3. Vidéoprotection »" in said


@pytest.mark.covers("MEM-22")
def test_above_8000_inhabitants_the_request_opens_an_examination_that_an_act_must_decide(pool):
    redon = agreement()
    made = asked(pool["redon"], redon)
    choosing.choose(made, wish("socle_complet", on=DAY), by=CLERK)
    row = Examination.objects.unscoped().get(membership=made)
    assert row.offer == "socle_complet"
    assert "hors barème" in row.reason
    memberships.record_step(made, "voted", act=act(pool["redon"]), by=CLERK)
    signed(made)
    said = refused(memberships.take_effect, made, by=CLERK)
    assert said.startswith("L’adhésion de Redon ne peut pas prendre effet. Il manque : décision de l’examen approfondi")
    row.amount, row.decided_on, row.decided_by = Decimal("20000"), date(2023, 12, 1), act(pool["host"], number="7")
    row.save()
    memberships.take_effect(made, by=CLERK)
    assert fresh(made).effect_on == DAY
    small = asked(pool["sixt"], redon)
    choosing.choose(small, wish("socle_complet", on=DAY), by=CLERK)
    assert Examination.objects.unscoped().filter(membership=small).count() == 0


def test_a_choice_is_called_by_the_words_of_the_convention_before_and_after_its_adoption(pool):
    made = asked(pool["sixt"], agreement("nimes_metropole", starts_on=date(2022, 4, 4)))
    form = ChoiceForm(membership=made, stated_on=DAY, starts_on=DAY)
    form.save()
    chosen = Choice(form=form, offer="internet", starts_on=DAY)
    assert str(chosen) == "1. Accès internet THD et outils collaboratifs"
    Adoption(membership=made, version=Version.objects.unscoped().get(), on=DAY).save()
    assert str(chosen) == "1. Accès internet THD et outils collaboratifs"
    assert str(Choice(form=form, offer="offre_d_autrefois", starts_on=DAY)) == "offre d’autrefois"


def test_a_request_is_dropped_with_its_cause_and_a_new_one_may_be_made(pool):
    redon = agreement()
    made = asked(pool["sixt"], redon)
    memberships.drop(made, "abandoned", date(2023, 10, 1), by=CLERK, note="budget")
    made = fresh(made)
    assert (made.state_on(date(2023, 10, 1)), made.state_on(date(2023, 9, 30))) == ("dropped", "preparing")
    assert refused(memberships.record_step, made, "audited", on=DAY, by=CLERK) == (
        "Cette demande est sans suite depuis le 01/10/2023 : faites-en une nouvelle."
    )
    asked(pool["sixt"], redon, on=date(2023, 11, 1))
    running = active(pool["allaire"], redon, "audit")
    assert refused(memberships.drop, running, "refused", DAY, by=CLERK) == (
        "Cette adhésion a pris effet le 01/01/2024 : elle n’est plus en préparation."
    )


@pytest.mark.covers("MEM-40")
def test_a_service_taken_over_mid_life_is_entered_with_its_past_acts_and_says_who_entered_it_when(pool):
    made = active(pool["sixt"], agreement("grand_nancy", starts_on=date(2010, 1, 1)), "dsit", effect_on=date(2024, 1, 1),
                  by=author(date(2026, 11, 29), "Maëlle Corbinaud"))  # fmt: skip
    rows = Step.objects.unscoped().filter(membership=made)
    assert {(s.entered_by, s.entered_at.date()) for s in rows} == {("Maëlle Corbinaud", date(2026, 11, 29))}
    assert [s.on for s in rows][:2] == [date(2023, 9, 1), date(2023, 12, 12)]
    assert (made.effect_on, made.ends_on, made.end_cause) == (date(2024, 1, 1), date(2028, 12, 31), "term")


@pytest.mark.covers("MEM-38")
def test_the_active_adherents_of_each_offer_are_known_on_any_day_and_read_by_the_tariff(pool):
    redon = agreement()
    first = active(pool["sixt"], redon, "audit", "groupements")
    second = active(pool["allaire"], redon, "audit", effect_on=date(2025, 1, 1))
    both = {first.organization_id, second.organization_id}
    assert holders_on(date(2023, 12, 31), None) == {}
    assert holders_on(date(2024, 6, 1), None) == {"audit": {first.organization_id}, "groupements": {first.organization_id}}
    assert holders_on(date(2025, 6, 1), None) == {"audit": both, "groupements": {first.organization_id}}
    known = tables_with_choices(version_for(first, DAY))
    names = {rank: pk for pk, rank in known.ranks.items()}
    assert sorted((c.offer, names[c.member] == first.organization_id, c.first) for c in known.tables.choices) == [
        ("audit", False, date(2025, 1, 1)), ("audit", True, DAY), ("groupements", True, DAY),
    ]  # fmt: skip
    held = {(c.offer, names[c.member]): c for c in known.tables.choices}["groupements", first.organization_id]
    assert (held.last, held.steps["décidée_le"], held.steps["signée_le"]) == (None, date(2023, 12, 12), date(2023, 12, 20))


@pytest.mark.covers("MEM-35")
def test_choices_bring_duties_once_each_with_the_article_that_says_so(pool):
    redon = agreement()
    article(redon, "6.2", "Interlocuteurs", "Chaque commune désigne un interlocuteur décideur et un interlocuteur technique.")
    made = active(pool["sixt"], redon, "audit")
    keys = Obligation.objects.unscoped().filter(membership=made).values_list("key", "article")
    assert dict(keys) == {"contacts": "6.2", "contracts": "", "resolutions": "", "budget": "", "disputes": ""}
    decision = act(pool["sixt"], on=date(2024, 2, 6), kind="decision")
    choosing.choose(made, wish("audit", "groupements", on=date(2024, 3, 1), act=decision), by=CLERK)
    assert Obligation.objects.unscoped().filter(membership=made).count() == 6
    assert Obligation.objects.unscoped().get(membership=made, key="needs").label.startswith("Donner ses besoins")


def test_the_version_first_adopted_is_that_of_the_vote(pool):
    made = active(pool["sixt"], agreement(), "audit")
    row = Adoption.objects.unscoped().get(membership=made)
    assert (row.version.label, row.on, str(row.decided_by)) == ("1", date(2023, 12, 12), "délibération du 12/12/2023")


# ------------------------------------------------------------ what an act cannot found


@pytest.mark.covers("MEM-07")
def test_an_act_that_its_own_count_rejects_or_whose_session_is_to_come_founds_nothing(pool):
    made = asked(pool["sixt"], agreement())
    lost = act(pool["sixt"], votes_for=2, votes_against=12)
    assert refused(memberships.record_step, made, "voted", act=lost, by=CLERK) == (
        "« délibération du 12/12/2023 » compte 12 contre et 2 pour : le conseil de Sixt-sur-Aff l’a rejeté. Corrigez sur sa "
        "fiche son état, ou les chiffres du vote."
    )
    coming = act(pool["sixt"], on=date(2026, 12, 18))
    for verb, given in ((memberships.record_step, {}), (memberships.sign, {"signatory": "Ada Bihan", "quality": "maire"})):
        day = {"on": DAY} if given else {}
        assert refused(verb, made, "member" if given else "voted", act=coming, by=CLERK, **given, **day) == (
            "La séance de « délibération du 18/12/2026 » est le 18/12/2026 : le conseil de Sixt-sur-Aff n’a encore rien décidé. "
            "Attendez la séance, ou corrigez sa date sur la fiche de l’acte."
        )
    tie = act(pool["sixt"], votes_for=7, votes_against=7)  # the voice of the president may have carried it
    memberships.record_step(made, "voted", act=tie, by=CLERK)


@pytest.mark.covers("MEM-05", "MEM-06")
def test_a_vote_and_a_signature_do_not_come_before_the_session_of_their_act(pool):
    made = asked(pool["sixt"], agreement())
    vote = act(pool["sixt"])
    assert refused(memberships.record_step, made, "voted", act=vote, on=date(2019, 1, 1), by=CLERK) == (
        "Une délibération datée du 01/01/2019 précède la séance de « délibération du 12/12/2023 » : laissez la date vide, c’est "
        "celle de la séance qui sera écrite."
    )
    signing = {"signatory": "Ada Bihan", "quality": "maire", "by": CLERK, "act": vote}
    assert refused(memberships.sign, made, "member", on=date(2023, 12, 11), **signing) == (
        "Une signature datée du 11/12/2023 précède la séance de « délibération du 12/12/2023 » : elle ne peut pas l’autoriser "
        "avant. Relisez la date de la signature."
    )
    memberships.sign(made, "member", on=date(2023, 12, 12), **signing)
    memberships.record_step(made, "voted", act=vote, on=date(2023, 12, 12), by=CLERK)


@pytest.mark.covers("MEM-07")
def test_an_act_withdrawn_or_corrected_after_it_was_linked_no_longer_founds_the_effect(pool):
    made = asked(pool["sixt"], agreement())
    vote = act(pool["sixt"])
    memberships.record_step(made, "voted", act=vote, by=CLERK)
    memberships.sign(made, "member", signatory="Ada Bihan", quality="maire", on=date(2023, 12, 20), by=CLERK, act=vote)
    memberships.sign(made, "host", signatory="Loïc Riou", quality="président", on=date(2023, 12, 20), by=CLERK, authority="x")
    vote.state = "withdrawn"
    vote.save()
    assert refused(memberships.take_effect, made, by=CLERK, chosen_on=DAY) == (
        "L’adhésion de Sixt-sur-Aff ne peut pas prendre effet. Il manque : délibération de Sixt-sur-Aff (« délibération du "
        "12/12/2023 » est à l’état « retiré » : seul un acte adopté engage Sixt-sur-Aff. Retirez l’étape, et rattachez l’acte "
        "qui convient) ; signature du membre (« délibération du 12/12/2023 » est à l’état « retiré » : seul un acte adopté "
        "engage Sixt-sur-Aff. Retirez cette signature, et enregistrez-la de nouveau)."
    )
    vote.state = "adopted"
    vote.save()
    Step.objects.unscoped().filter(membership=made, kind="voted").update(on=date(2019, 1, 1))  # written before it was refused
    assert "Il manque : délibération de Sixt-sur-Aff (datée du 01/01/2019, avant la séance du 12/12/2023." in refused(
        memberships.take_effect, made, by=CLERK, chosen_on=DAY
    )


@pytest.mark.covers("MEM-40", "DOC-08")
def test_before_the_effect_acts_that_do_not_bind_and_a_version_not_yet_in_force_are_told_and_block_nothing(pool):
    made = asked(pool["sixt"], agreement(starts_on=date(2024, 6, 1)))
    choosing.choose(made, wish("socle_complet", on=DAY), by=CLERK)
    memberships.record_step(made, "voted", act=act(pool["sixt"], received_on=None), by=CLERK)
    memberships.sign(made, "member", signatory="Ada Bihan", quality="maire", on=date(2023, 12, 20), by=CLERK, authority="x")
    late = act(pool["host"], on=date(2023, 11, 6), number="7", published_on=date(2024, 2, 1))
    memberships.sign(made, "host", signatory="Loïc Riou", quality="président", on=date(2023, 12, 20), by=CLERK, act=late)
    remarks = (
        "La délibération n’est pas encore exécutoire : sa réception en préfecture ou sa publication manque.",
        "« délibération n° 7 du 06/11/2023 », qui autorise la signature du gestionnaire, n’est exécutoire que le 01/02/2024, "
        "après la date d’effet.",
        "La version 1 n’est en vigueur que le 01/06/2024, après la date d’effet.",
    )
    begun = memberships.beginning_of(made, by=CLERK)
    assert (begun.effect_on, begun.remarks, fresh(made).effect_on) == (DAY, remarks, None)
    assert memberships.take_effect(made, by=CLERK).remarks == remarks
    assert fresh(made).effect_on == DAY
    other = asked(pool["allaire"], agreement(name="Autre", starts_on=DAY))
    choosing.choose(other, wish("socle_complet", on=DAY), by=CLERK)
    memberships.record_step(other, "voted", act=act(pool["allaire"]), by=CLERK)
    signed(other)
    assert memberships.take_effect(other, by=CLERK).remarks == (
        "La version 1 est adoptée par le vote du 12/12/2023, avant son entrée en vigueur le 01/01/2024.",
    )


@pytest.mark.covers("MEM-43")
def test_an_effect_before_the_choices_begin_is_refused_with_the_day_on_which_they_begin(pool):
    made = asked(pool["sixt"], agreement("grand_nancy", starts_on=date(2010, 1, 1)))
    choosing.choose(made, wish("dsit", on=DAY), by=CLERK)
    memberships.record_step(made, "voted", act=act(pool["sixt"], on=date(2023, 10, 5)), by=CLERK)
    signed(made, on=date(2023, 10, 20))
    assert refused(memberships.take_effect, made, by=CLERK, chosen_on=date(2023, 11, 29)) == (
        "Les choix ne commencent que le 01/01/2024 : une adhésion qui prend effet le 29/11/2023 laisserait des jours sans offre. "
        "Donnez effet le 01/01/2024, ou changez d’abord la date des choix."
    )
    memberships.take_effect(made, by=CLERK)
    assert fresh(made).effect_on == DAY


# ------------------------------------------------------------ what was written by mistake


@pytest.mark.covers("MEM-06")
def test_a_step_or_a_signature_written_by_mistake_is_removed_before_the_effect_and_its_removal_stays(pool):
    made = asked(pool["sixt"], agreement())
    step = memberships.record_step(made, "voted", act=act(pool["sixt"], number="1"), by=CLERK)
    signed(made)
    signature = Step.objects.unscoped().get(membership=made, kind="signed_member")
    correcting.remove_step(made, step, reason="mauvais acte", by=CLERK)
    correcting.remove_step(made, signature, reason="mauvais signataire", by=CLERK)
    assert [row.party for row in made.signatures.unscoped()] == ["host"]
    removed = Step.objects.unscoped().filter(membership=made, kind="removed").order_by("pk")
    assert [(row.on, row.note, row.entered_by) for row in removed] == [
        (date(2026, 11, 29), "délibération du membre du 12/12/2023 (« délibération n° 1 du 12/12/2023 ») : mauvais acte",
         "Erwan Talhouarn"),
        (date(2026, 11, 29), "signature du membre du 20/12/2023 : mauvais signataire", "Erwan Talhouarn"),
    ]  # fmt: skip
    gone = event_model(Step).objects.unscoped().filter(pgh_obj_id=step.pk).order_by("pgh_id").last()
    assert gone.kind == "voted"
    assert refused(correcting.remove_step, made, step, reason="encore", by=CLERK) == "Cette étape est déjà retirée."
    asking = Step.objects.unscoped().get(membership=made, kind="requested")
    assert refused(correcting.remove_step, made, asking, reason="x", by=CLERK) == (
        "L’étape « demande » s’écrit d’elle-même : elle ne se retire pas."
    )


@pytest.mark.covers("MEM-06")
def test_the_vote_of_a_membership_in_force_is_replaced_by_the_right_one_which_then_founds_its_effect(pool):
    made = active(pool["sixt"], agreement(), "socle_complet", effect_on=DAY)
    wrong = Step.objects.unscoped().get(membership=made, kind="voted")
    assert refused(correcting.remove_step, made, wrong, reason="mauvais acte", by=CLERK) == (
        "L’adhésion a pris effet le 01/01/2024 par cette délibération. Écrivez d’abord l’étape avec le bon acte, puis retirez "
        "celle-ci."
    )
    right = act(pool["sixt"], number="2", on=date(2023, 12, 14))
    memberships.record_step(made, "voted", act=right, by=CLERK)
    correcting.remove_step(made, wrong, reason="mauvais acte", by=CLERK)
    founded = Step.objects.unscoped().filter(membership=made, kind__in=("voted", "effect")).values_list("kind", "decided_by")
    assert sorted(founded) == [("effect", right.pk), ("voted", right.pk)]
    adoption = made.adoptions.unscoped().get()
    assert (adoption.decided_by, adoption.on, fresh(made).effect_on) == (right, date(2023, 12, 14), DAY)


@pytest.mark.covers("MEM-06", "MEM-05")
def test_a_signature_of_a_membership_in_force_is_written_again_on_a_day_that_gives_the_same_effect(pool):
    made = active(pool["sixt"], agreement(), "socle_complet", effect_on=DAY)
    signature = Step.objects.unscoped().get(membership=made, kind="signed_member")
    correcting.remove_step(made, signature, reason="mauvais signataire", by=CLERK)
    signing = {"signatory": "Yves Le Goff", "quality": "premier adjoint", "by": CLERK, "authority": "délibération du 12/12/2023"}
    assert refused(memberships.sign, made, "member", on=date(2024, 2, 10), **signing) == (
        "Signée le 10/02/2024, l’adhésion prendrait effet le 10/02/2024, et non le 01/01/2024. Relisez la date de la signature."
    )
    memberships.sign(made, "member", on=date(2023, 12, 21), **signing)
    assert sorted((row.party, row.signatory) for row in made.signatures.unscoped()) == [
        ("host", "Ada Bihan"), ("member", "Yves Le Goff"),
    ]  # fmt: skip
    assert fresh(made).effect_on == DAY


@pytest.mark.covers("MEM-06")
def test_an_effect_given_by_mistake_is_taken_back_with_what_it_wrote_until_something_rests_on_it(pool):
    made = active(pool["sixt"], agreement(), "socle_complet", effect_on=DAY)
    effect = Step.objects.unscoped().get(membership=made, kind="effect")
    assert made.adoptions.unscoped().count() == 1
    correcting.remove_step(made, effect, reason="mauvaise date", by=CLERK)
    back = fresh(made)
    assert (back.effect_on, back.ends_on, back.end_cause, back.state_on(CLERK.today)) == (None, None, "", "preparing")
    assert (made.adoptions.unscoped().count(), made.obligations.unscoped().count()) == (0, 0)
    assert [c.offer for c in made.forms.unscoped().get().choices.unscoped()] == ["socle_complet"]
    removed = Step.objects.unscoped().get(membership=made, kind="removed")
    assert removed.note == "prise d’effet du 01/01/2024 (« délibération du 12/12/2023 ») : mauvaise date"
    memberships.take_effect(made, by=CLERK, chosen_on=date(2024, 2, 1))
    assert fresh(made).effect_on == date(2024, 2, 1)
    choosing.choose(
        made, wish("groupements", on=date(2025, 1, 1), act=act(pool["sixt"], number="9", on=date(2024, 10, 1))), by=CLERK
    )
    again = Step.objects.unscoped().get(membership=made, kind="effect")
    assert refused(correcting.remove_step, made, again, reason="x", by=CLERK) == (
        "« choix modifiés du 01/01/2025 » repose sur la prise d’effet : elle ne se retire plus. Changez les choix par une "
        "décision, le texte par un avenant, ou donnez un préavis."
    )
    assert fresh(made).effect_on == date(2024, 2, 1)


@pytest.mark.covers("MEM-38")
def test_who_holds_an_offer_through_another_one_counts_among_its_holders_once(pool):
    nimes = agreement("nimes_metropole", starts_on=date(2022, 4, 4))
    active(pool["sixt"], nimes, "vidéoprotection", "bureautique")
    convention = version_for(Membership.objects.unscoped().get(), DAY).convention
    counts = counted_with_included(convention, holders_on(DAY, nimes.pk))
    assert (counts["vidéoprotection"], counts["bureautique"], counts["conseil"]) == (1, 1, 1)


@pytest.mark.covers("MEM-10", "MEM-43")
def test_the_last_choices_written_by_mistake_are_taken_back_and_those_before_hold_again(pool):
    made = active(pool["sixt"], agreement(), "socle_complet", effect_on=DAY)
    for number, offer, on in (("8", "groupements", date(2025, 1, 1)), ("9", "audit", date(2026, 1, 1))):
        decision = act(pool["sixt"], number=number, on=date(on.year - 1, 10, 1))
        choosing.choose(made, wish(offer, on=on, act=decision), by=CLERK)
    first, last = Step.objects.unscoped().filter(membership=made, kind="choices").order_by("on")
    assert refused(correcting.remove_step, made, first, reason="x", by=CLERK) == (
        "Seuls les derniers choix se retirent : retirez d’abord ceux qui les ont suivis."
    )
    correcting.remove_step(made, last, reason="date erronée", by=CLERK)
    forms = made.forms.unscoped().order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(forms) == [(DAY, date(2024, 12, 31)), (date(2025, 1, 1), None)]
    assert [s.offer for s in spans_of() if s.last is None] == ["groupements"]


@pytest.mark.covers("MEM-10")
def test_a_change_says_what_is_to_look_at_in_its_act(pool):
    vote = act(pool["sixt"])
    made = active(pool["sixt"], agreement(), "socle_complet", effect_on=DAY, vote=vote)
    asked_for = wish("groupements", on=date(2025, 1, 1), act=vote, stated_on=date(2024, 10, 1))
    assert choosing.judged(made, asked_for, by=CLERK).remarks[-1] == (
        "« délibération du 12/12/2023 » a déjà décidé autre chose de cette adhésion, délibération du membre du 12/12/2023 : "
        "vérifiez qu’il décide aussi ce changement."
    )
    late = act(pool["sixt"], number="12", on=date(2025, 3, 4), received_on=None)
    told = choosing.judged(made, wish("groupements", on=date(2025, 1, 1), act=late), by=CLERK).remarks
    assert told[-1] == "L’acte est du 04/03/2025, après la date d’effet : le changement serait rétroactif."


@pytest.mark.covers("MEM-38")
def test_an_offer_of_another_convention_of_the_pool_that_bears_the_same_name_is_another_offer(pool):
    """The members of one convention are counted in its shares and its bands, and those of an unrelated one are not."""
    service, other = agreement("redon"), agreement("redon", name="Convention d’un autre service")
    active(pool["sixt"], service, "groupements")
    active(pool["allaire"], other, "groupements")
    version = Version.objects.unscoped().get(agreement=service)
    known = tables_kept(version)
    assert [one.member for one in known.tables.choices] == [known.ranks[pool["sixt"].pk]]
    other.programme = service.programme = "mutualisation"
    other.save()
    service.save()
    known = tables_kept(version)
    assert sorted(one.member for one in known.tables.choices) == sorted(
        known.ranks[pool[name].pk] for name in ("sixt", "allaire")
    )
    other.programme, service.successor = "", other
    other.save()
    service.save()
    assert len(tables_kept(version).tables.choices) == 2
