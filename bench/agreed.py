"""What a pool agreed on, to measure on: 500 memberships, 20 000 council acts, a convention of ten versions of 300 articles.

Every row is of the years 2016 to 2026, drawn from nothing but its rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from communis.agreements.enums import ActState, ChangeKind, EndCause, LegalBasis, StepKind, VersionStatus
from communis.agreements.models import (
    Adoption,
    Agreement,
    Amendment,
    AmendmentChange,
    Article,
    Choice,
    ChoiceForm,
    Membership,
    Resolution,
    Step,
    Version,
)
from communis.catalog.loading import load_edition
from communis.catalog.operations import show_edition
from communis.directory.models import Organization
from communis.directory.names import plain
from communis.tariff.convention import shipped

ACTS_OF_EACH, VERSIONS, ARTICLES = 40, 10, 300
BEGUN, EFFECT = date(2016, 1, 1), date(2017, 1, 1)
ENTERED = datetime(2026, 1, 6, 9, tzinfo=UTC)
SUBJECTS = (
    "Adhésion au service commun d’informatique", "Avenant à la convention de service commun", "Budget primitif de l’exercice",
    "Modification des choix de prestations", "Groupement de commandes des postes de travail",
    "Tarifs de la restauration scolaire", "Convention de mise à disposition d’agents", "Compte administratif",
)  # fmt: skip
CLAUSE = (
    "Le service commun assure l’exploitation des serveurs, des sauvegardes et des réseaux des communes membres. Chaque commune "
    "désigne deux interlocuteurs, inscrit chaque année les sommes dues à son budget et fait connaître ses besoins avant le "
    "1er octobre. Les interventions sont décrites à l’annexe 2 ; leur coût est réparti selon l’article {}. "
)


def agree(pool: int, members: list[Organization]) -> dict[str, int]:
    """Make the convention, its versions, the acts of each member and its membership; return a row of each kind, by name."""
    acts = council_acts(pool, members)
    versions = ten_versions(pool)
    memberships = join(pool, members, versions, acts)
    return {
        "agreement": versions[-1].agreement_id, "version": versions[-1].pk, "membership": memberships[0].pk,
        "act": acts[0].pk, "amendment": Amendment.objects.unscoped().order_by("-pk").first().pk,
    }  # fmt: skip


def council_acts(pool: int, members: list[Organization]) -> list[Resolution]:
    """Enter forty acts of each member, voted, sent and published."""
    return Resolution.objects.unscoped().bulk_create(
        (act_of(pool, one, rank, number) for rank, one in enumerate(members) for number in range(ACTS_OF_EACH)), batch_size=2_000
    )


def act_of(pool: int, one: Organization, rank: int, number: int) -> Resolution:
    on = BEGUN + timedelta(95 * number + rank % 60)
    subject = SUBJECTS[number % len(SUBJECTS)]
    decisions = f"APPROUVE {subject.lower()} ;\nAUTORISE le maire à signer ;\nDIT que les crédits sont inscrits au budget."
    return Resolution(
        pool_id=pool, organization=one, state=ActState.ADOPTED, number=f"{on.year}-{number:03}", subject=subject,
        session_on=on, body="Conseil municipal", convened_on=on - timedelta(7), published_on=on + timedelta(3),
        sent_on=on + timedelta(2), received_on=on + timedelta(2), in_office=15, present=12, proxies=2, absent=1, voters=14,
        votes_for=14, is_unanimous=True, decisions=decisions, statement=CLAUSE.format(number),
        search_text=" ".join(dict.fromkeys(plain(f"{on.year}-{number:03} {subject} {decisions} {CLAUSE}").split())),
    )  # fmt: skip


def ten_versions(pool: int) -> list[Version]:
    """Make a convention that was amended nine times, with a catalogue that its members read."""
    edition = load_edition("redon", "Catalogue du service commun")
    show_edition(edition)
    agreement = Agreement(name="Convention de service commun d’informatique", short_name="service commun",
                          grounds=[LegalBasis.COMMON_SERVICE])  # fmt: skip
    agreement.save()
    tariff = (shipped("redon") / "convention.tarif").read_text("utf-8")
    made: list[Version] = []
    for rank in range(VERSIONS):
        is_last = rank == VERSIONS - 1
        starts_on = date(2016 + rank, 7, 1)
        version = Version(agreement=agreement, label=f"avenant n° {rank}" if rank else "initiale", starts_on=starts_on,
                          ends_on=None if is_last else date(2017 + rank, 6, 30), status=VersionStatus.APPROVED,
                          follows=made[-1] if made else None, edition=edition, tariff=tariff)  # fmt: skip
        version.save()
        made.append(version)
        Article.objects.unscoped().bulk_create(article_of(pool, version, number) for number in range(ARTICLES))
        if rank:
            amendment = Amendment(agreement=agreement, makes=version, number=str(rank), subject=f"Évolution n° {rank}")
            amendment.save()
            AmendmentChange.objects.unscoped().bulk_create(
                AmendmentChange(
                    pool_id=pool, amendment=amendment, rank=n, kind=ChangeKind.CLAUSE, article=str(n), wording=CLAUSE.format(n)
                )
                for n in range(12)
            )
    return made


def article_of(pool: int, version: Version, number: int) -> Article:
    title, text = f"Engagement n° {number}", CLAUSE.format(number) * 2
    code = f"{number // 20 + 1}.{number % 20}" if number % 20 else str(number // 20 + 1)
    return Article(pool_id=pool, version=version, rank=number, depth=2 if number % 20 else 1, number=code, title=title, text=text,
                   search_text=plain(f"{code} {title} {text}"))  # fmt: skip


def join(pool: int, members: list[Organization], versions: list[Version], acts: list[Resolution]) -> list[Membership]:
    """Make each member adhere, choose, adopt the versions (one in five is late by one) and renew nine times; some leave."""
    memberships = Membership.objects.unscoped().bulk_create(
        Membership(pool_id=pool, organization=one, agreement=versions[0].agreement, requested_on=BEGUN, effect_on=EFFECT,
                   notice_on=date(2026, 3, 2) if rank % 50 == 7 else None, ends_on=date(2027, 3, 2) if rank % 50 == 7 else None,
                   end_cause=EndCause.NOTICE if rank % 50 == 7 else "")
        for rank, one in enumerate(members)
    )  # fmt: skip
    Step.objects.unscoped().bulk_create(
        step for rank, one in enumerate(memberships) for step in steps_of(pool, one, acts[rank * ACTS_OF_EACH])
    )
    Adoption.objects.unscoped().bulk_create(
        Adoption(pool_id=pool, membership=one, version=version, on=version.starts_on, decided_by=acts[rank * ACTS_OF_EACH + n])
        for rank, one in enumerate(memberships)
        for n, version in enumerate(versions[: -1 if rank % 5 == 3 else None])
    )
    forms = ChoiceForm.objects.unscoped().bulk_create(
        ChoiceForm(pool_id=pool, membership=one, stated_on=BEGUN, starts_on=EFFECT) for one in memberships
    )
    Choice.objects.unscoped().bulk_create(
        Choice(pool_id=pool, form=form, offer="groupements" if rank % 3 else "socle_complet", starts_on=EFFECT)
        for rank, form in enumerate(forms)
    )
    return memberships


def steps_of(pool: int, membership: Membership, vote: Resolution) -> Iterator[Step]:
    told = {"pool_id": pool, "membership": membership, "entered_by": "Inès Le Bihan", "entered_at": ENTERED}
    yield Step(**told, kind=StepKind.REQUESTED, on=BEGUN)
    yield Step(**told, kind=StepKind.VOTED, on=vote.session_on, decided_by=vote)
    for kind in (StepKind.SIGNED_MEMBER, StepKind.SIGNED_HOST):
        yield Step(**told, kind=kind, on=date(2016, 12, 1))
    yield Step(**told, kind=StepKind.EFFECT, on=EFFECT)
    for year in range(2018, 2027):
        yield Step(**told, kind=StepKind.RENEWED, on=date(year, 1, 1), until=date(year, 12, 31))
