"""What the file of a membership shows, section by section, each in the same form: rows, what may be done, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from communis.agreements import access
from communis.agreements.alerts import alerts_on
from communis.agreements.applicable import dates_of, version_for
from communis.agreements.enums import DocumentKind, IntakeOutcome, MembershipState, Party, VersionStatus
from communis.agreements.examined import bearer
from communis.agreements.models import Attachment, ChoiceForm, Document, Letter, Membership, Notice, Step, Version
from communis.agreements.obligations import known_to_be_met
from communis.agreements.operations.correcting import SIGNED, is_removable
from communis.agreements.operations.gaps import CHOICES, SIGNATURE, VOTE, Gap, gaps_of, standing_votes, votes_of, why_unsigned
from communis.agreements.operations.steps import why_it_does_not_bind
from communis.agreements.reading import BOUND, chain_of, first_days, offer_label
from communis.agreements.tables.memberships import TONES
from communis.directory.enums import EXPECTED
from communis.directory.models import Role
from communis.directory.records import SLUGS
from communis.directory.views.records import history_address
from communis.kit.formats import capital, counted, euros, long_date, number, period
from communis.kit.parts import Link
from communis.tariff.wording import listed

ADOPTABLE = (VersionStatus.PENDING, VersionStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown: what it is, what is said of it, a second line, and what may be done to it."""

    label: str
    words: str = ""
    second: str = ""
    act: Link | None = None
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """A button that does something at once: where it posts, what it says it is about, its words."""

    url: str
    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    lines: Sequence[Line]
    empty: str
    actions: Sequence[Link] = ()
    press: Press | None = None


@dataclass(frozen=True, slots=True)
class Acts:
    """What may be done to a membership in preparation: one act at the head of its page, the others in a menu."""

    first: Link | None = None
    is_next: bool = False  # the first is what the membership waits for, and not only what one may do
    more: Sequence[Link] = ()


def acts_of(membership: Membership, gaps: Sequence[Gap], *, decides: bool, asks: bool) -> Acts:
    """Return the acts on a membership in preparation, first the one it waits for: choices, vote, signatures, then its effect."""
    wanting = {gap.piece for gap in gaps}
    acts: dict[str, Link] = {}
    if asks:
        label = "Remplir les choix" if CHOICES in wanting else "Changer les choix"
        acts[CHOICES] = Link(label, reverse("membership-choose", args=[membership.pk]))
    if decides:
        named = ((VOTE, "Écrire une étape", "step"), (SIGNATURE, "Enregistrer une signature", "sign"),
                 ("effect", "Donner effet", "effect"), ("drop", "Classer sans suite", "drop"))  # fmt: skip
        acts |= {key: Link(label, reverse(f"membership-{route}", args=[membership.pk])) for key, label, route in named}
    awaited = next((key for key in (CHOICES, VOTE, SIGNATURE) if key in wanting), "effect")
    first = acts.pop(awaited, None)
    if first is None and acts:
        return Acts(acts.pop(next(iter(acts))), more=list(acts.values()))
    return Acts(first, first is not None, list(acts.values()))


def kept_links(row: models.Model, may: bool) -> tuple[Link, ...]:
    """Return what may be done to a row kept by a plain form."""
    if not may:
        return ()
    slug = SLUGS[type(row)]
    return (Link("Modifier", reverse("record-change", args=[slug, row.pk])),
            Link("Retirer", reverse("record-remove", args=[slug, row.pk])))  # fmt: skip


def add_link(label: str, slug: str, holder: models.Model, may: bool) -> tuple[Link, ...]:
    return (Link(label, reverse("record-add-to", args=[slug, holder.pk])),) if may else ()


def file_link(name: str, row: models.Model, may: bool) -> tuple[Link, ...]:
    return (Link("Joindre un fichier", reverse(name, args=[row.pk])),) if may else ()


def act_link(act: Any) -> Link | None:
    return Link(str(act), act.get_absolute_url()) if act is not None else None


def file_of(user: Any, membership: Membership, today: date) -> dict[str, Any]:
    """Return all that the page of a membership shows (MEM-37)."""
    version = version_for(membership, today)
    form = form_in_force(user, membership, today)
    held = list(form.choices.visible_to(user)) if form is not None else []
    offers = [row.offer for row in held]
    state = membership.state_on(today)
    decides = access.may_decide_on(user, membership)
    asks = access.may_ask_for(user, membership)
    preparing = state == MembershipState.PREPARING and membership.effect_on is None
    alerts = alerts_on([membership], today)
    gaps = gaps_of(membership, version, today) if preparing else []
    may_act = preparing and membership.dropped_on is None
    return {
        "membership": membership, "first_on": first_days([membership]).get(membership.pk) if membership.follows_id else None,
        "tone": TONES[state][0], "unreal": TONES[state][1], "version": version, "form": form,
        "dates": dates_of(membership, version, offers[0] if offers else None, today), "preparing": preparing,
        "gaps": gaps, "acts": acts_of(membership, gaps, decides=decides, asks=asks) if may_act else None,
        "choices": [(offer_label(version, c.offer), c) for c in held if is_reached(membership, c.starts_on)],
        "broken": no_longer_standing(user, membership, today) if state in BOUND else [],
        "alerts": [(offer_label(version, a.offer), a.why, [offer_label(version, o) for o in a.instead]) for a in alerts],
        "attachments": attached(user, membership),
        "attach_url": reverse("membership-attach", args=[membership.pk]) if asks else "",
        "sections": [
            documents(user, membership, asks, today),
            *sections_of(user, membership, version, today, decides=decides, asks=asks),
        ],
        "asks": asks, "decides": decides,
        "runs": state in (MembershipState.ACTIVE, MembershipState.NOTICE), "active": state == MembershipState.ACTIVE,
        "in_notice": state == MembershipState.NOTICE,
        "expired": state == MembershipState.ENDED and membership.end_cause == "term",
        "history_url": history_address(membership), "places": [Link("Adhésions", reverse("memberships"))],
    }  # fmt: skip


def no_longer_standing(user: Any, membership: Membership, today: date) -> list[str]:
    """Say what an adhesion in force no longer rests on: a vote that binds, the signatures of both parties (MEM-05, MEM-07)."""
    told = []
    if not standing_votes(membership, today):
        vote = next(reversed(votes_of(membership)), None)
        why = why_it_does_not_bind(vote.decided_by, today) if vote is not None and vote.decided_by is not None else ""
        told.append(why or "Aucune délibération du membre n’est écrite. Écrivez l’étape avec l’acte qui décide.")
    rows = membership.signatures.visible_to(user).select_related("decided_by__organization")
    signatures = {row.party: row for row in rows}
    if membership.follows_id is None:  # one that follows another rests on its signatures
        told += [f"Signature du {party.label} : {why}." for party in Party if (why := why_unsigned(signatures.get(party), today))]
    return told


def attached(user: Any, membership: Membership) -> models.QuerySet[Attachment]:
    """Return the files of a membership, of its notice and of its disputes."""
    held = Q(membership=membership) | Q(notice__membership=membership) | Q(dispute__membership=membership)
    return Attachment.objects.visible_to(user).filter(held).select_related("piece", "letter", "notice", "dispute")


def form_in_force(user: Any, membership: Membership, today: date) -> ChoiceForm | None:
    """Return the form in force on a day, else the last one."""
    rows = list(ChoiceForm.objects.visible_to(user).filter(membership=membership).select_related("decided_by"))
    rows = [f for f in rows if is_reached(membership, f.starts_on)]
    now = [f for f in rows if f.starts_on <= today and (f.ends_on is None or f.ends_on >= today)]
    return (now or rows or [None])[0]


def is_reached(membership: Membership, day: date) -> bool:
    """Tell whether a membership lasts until a day: what begins after its last one is never held."""
    return membership.ends_on is None or day <= membership.ends_on


def sections_of(
    user: Any, membership: Membership, version: Version | None, today: date, *, decides: bool, asks: bool
) -> list[Section]:
    found = [
        versions(user, membership, asks), personal_data(version), contacts(user, membership, today),
        steps(user, membership, decides),
        former(user, membership, version), signatures(user, membership, decides),
        dispatches(user, membership, decides), obligations(user, membership, today, asks),
        examinations(user, membership, version, decides), mandates(user, membership, decides), in_kind(user, membership, decides),
        *admissions(user, membership, version), letters(user, membership, asks), disputes(user, membership, decides),
    ]  # fmt: skip
    notices = list(Notice.objects.visible_to(user).filter(membership=membership).select_related("decided_by", "withdrawn_by"))
    standing = next((one for one in notices if one.withdrawn_on is None), None)
    found += withdrawn([one for one in notices if one.withdrawn_on is not None])
    return [*leaving(user, standing, decides), *found] if standing is not None else found


READY = {  # what the council of a membership in a state has to vote, and the button that makes it ready
    MembershipState.PREPARING: (DocumentKind.ADHESION, "Préparer le projet de délibération"),
    MembershipState.ACTIVE: (DocumentKind.CHANGE, "Préparer la décision de changement"),
    MembershipState.NOTICE: (DocumentKind.TERMINATION, "Préparer la délibération de résiliation"),
}


def documents(user: Any, membership: Membership, may: bool, today: date) -> Section:
    """Return the documents made ready, and the one click that makes the act that comes next (DOC-12)."""
    rows = Document.objects.visible_to(user).with_later().filter(membership=membership)
    lines = [
        Line(str(d.get_kind_display()).capitalize(), f"version {d.number}, {d.state}",
             counted(len(d.blanks), "mention à compléter", "mentions à compléter") if d.blanks else "",
             Link("Ouvrir", d.get_absolute_url()),
             (Link("DOCX", reverse("document-docx", args=[d.pk])), Link("PDF", reverse("document-pdf", args=[d.pk]))))
        for d in rows
    ]  # fmt: skip
    url, ready = reverse("membership-document", args=[membership.pk]), READY.get(membership.state_on(today))
    other = (Link("Préparer un autre document", url),) if may else ()
    if may and ready is not None and ready[0] == DocumentKind.CHANGE:  # what the member wants is asked first
        leave = Link("Préparer la délibération de résiliation", f"{url}?document={DocumentKind.TERMINATION}")
        other, ready = (Link(ready[1], f"{url}?document={DocumentKind.CHANGE}"), leave, *other), None
    press = Press(url, "kind", ready[0].value, ready[1]) if may and ready is not None else None
    return Section("documents", "Documents", lines, "Aucun document n’est encore préparé.", other, press)


def versions(user: Any, membership: Membership, may: bool) -> Section:
    """Return the versions that the member adopted, then those that it may adopt (MEM-12)."""
    known = {one.pk: one for one in Version.objects.visible_to(user).filter(agreement=membership.agreement_id)}
    rows = membership.adoptions.visible_to(user).select_related("decided_by", "authorized_by")
    adopted = [one for one in rows if one.version_id in known]
    chain = chain_of(membership.agreement)
    last = max((chain.ranks[one.version_id] for one in adopted), default=0)
    lines = [
        Line(f"Version {known[one.version_id].label}", f"adoptée le {long_date(one.on)}", "",
             act_link(one.decided_by or one.authorized_by), (Link("Lire", known[one.version_id].get_absolute_url()),))
        for one in adopted
    ]  # fmt: skip
    after = [one for one in known.values() if one.status in ADOPTABLE and chain.ranks[one.pk] > last]
    open_ = sorted(after, key=lambda one: chain.ranks[one.pk]) if membership.effect_on is not None else []
    lines += [
        Line(f"Version {one.label}", "pas encore adoptée", "", Link("Lire", one.get_absolute_url()),
             (Link("Enregistrer l’adoption", f"{reverse('adopt', args=[membership.pk])}?version={one.pk}"),) if may else ())
        for one in open_
    ]  # fmt: skip
    return Section("versions", "Versions de la convention", lines, "La version s’adopte à la prise d’effet.")


def personal_data(version: Version | None) -> Section:
    """Return what the version that applies says of the personal data of the member: the clause, its annex (SEC-10)."""
    lines: list[Line] = []
    if version is not None and (version.data_role or version.data_clause or version.data_measures):
        told = (("le rôle de chacun", version.data_role), ("la clause", version.data_clause),
                ("l’annexe des mesures de sécurité", version.data_measures))  # fmt: skip
        has = listed([words for words, text in told if text])
        role = capital(version.get_data_role_display()) if version.data_role else "Clause de traitement des données"
        lines.append(Line(role, f"version {version.label} de la convention : {has}", "",
                          Link("Lire", f"{version.get_absolute_url()}#donnees")))  # fmt: skip
    return Section("donnees", "Traitement des données personnelles", lines,
                   "La version qui s’applique n’a pas de clause de traitement des données.")  # fmt: skip


def contacts(user: Any, membership: Membership, today: date) -> Section:
    held = Role.objects.visible_to(user).on(today).filter(organization=membership.organization_id, kind__in=EXPECTED)
    lines = [Line(str(r.get_kind_display()).capitalize(), str(r.person)) for r in held.select_related("person")]
    return Section("contacts", "Interlocuteurs", lines, "Ni décideur ni interlocuteur technique ne sont désignés.",
                   (Link("Voir la fiche du membre", membership.organization.get_absolute_url()),))  # fmt: skip


def removal_links(membership: Membership, step: Step | None, rows: Sequence[Step], may: bool) -> tuple[Link, ...]:
    """Return where a step or a signature written by mistake is removed."""
    if step is None or not may or not is_removable(membership, step, {row.kind for row in rows}):
        return ()
    return (Link("Retirer", reverse("step-remove", args=[step.pk])),)


def steps(user: Any, membership: Membership, may: bool) -> Section:
    rows = list(membership.steps.visible_to(user).select_related("decided_by"))
    lines = [
        Line(f"{str(s.get_kind_display()).capitalize()}, {long_date(s.on)}",
             ", ".join(filter(None, (f"jusqu’au {long_date(s.until)}" if s.until else "", s.note))),
             f"saisie par {s.entered_by} le {long_date(s.entered_at)}", act_link(s.decided_by),
             removal_links(membership, s, rows, may))
        for s in rows
    ]  # fmt: skip
    return Section("etapes", "Étapes", lines, "Aucune étape n’est écrite.")


def former(user: Any, membership: Membership, version: Version | None) -> Section:
    rows = ChoiceForm.objects.visible_to(user).filter(membership=membership).select_related("decided_by")
    lines = [
        Line(f"Choix, {period(f.starts_on, f.ends_on)}",
             ", ".join(offer_label(version, c.offer) for c in f.choices.visible_to(user)),
             f"rempli le {long_date(f.stated_on)}"
             + ("" if is_reached(membership, f.starts_on) else ", sans effet : l’adhésion finit avant"), act_link(f.decided_by),
             (Link("Historique", history_address(f)),) if user.is_staff_of_host else ())
        for f in rows
    ]  # fmt: skip
    return Section("formulaires", "Formulaires de choix", lines, "Les choix sont laissés en blanc.")


def signatures(user: Any, membership: Membership, may: bool) -> Section:
    written = {SIGNED[s.kind]: s for s in membership.steps.visible_to(user).filter(kind__in=SIGNED)}
    rows = membership.signatures.visible_to(user).select_related("decided_by")
    lines = [
        Line(f"{str(s.get_party_display()).capitalize()}, {long_date(s.on)}", s.signed_by, s.authority,
             act_link(s.decided_by), removal_links(membership, written.get(s.party), list(written.values()), may))
        for s in rows
    ]  # fmt: skip
    late = may and membership.effect_on is not None and len(lines) < len(Party)
    actions = (Link("Enregistrer une signature", reverse("membership-sign", args=[membership.pk])),) if late else ()
    return Section("signatures", "Signatures", lines, "Aucune partie n’a signé.", actions)


def dispatches(user: Any, membership: Membership, may: bool) -> Section:
    rows = membership.dispatches.visible_to(user)
    lines = [Line(str(r.get_recipient_display()).capitalize(), long_date(r.sent_on), r.proof, None, kept_links(r, may))
             for r in rows]  # fmt: skip
    return Section("transmissions", "Transmissions de la convention signée", lines, "La convention n’est transmise à personne.",
                   add_link("Ajouter une transmission", "transmissions", membership, may))  # fmt: skip


def obligations(user: Any, membership: Membership, today: date, may: bool) -> Section:
    rows = list(membership.obligations.visible_to(user).select_related("membership"))
    met = known_to_be_met(rows, today)
    lines = [
        Line(r.label, met[r.pk] if r.pk in met else f"faite le {long_date(r.done_on)}" if r.done_on else
             f"à faire pour le {long_date(r.due_on)}" if r.due_on else "à faire",
             ", ".join(filter(None, (f"article {r.article}" if r.article else "", r.note))), None, kept_links(r, may))
        for r in rows
    ]  # fmt: skip
    return Section("obligations", "Obligations", lines, "Elles viennent avec les choix, à la prise d’effet.",
                   add_link("Ajouter une obligation", "obligations", membership, may))  # fmt: skip


def examinations(user: Any, membership: Membership, version: Version | None, may: bool) -> Section:
    lines = []
    convention = version.convention if version is not None else None
    for row in membership.examinations.visible_to(user).select_related("decided_by"):
        state = f"décidé le {long_date(row.decided_on)}" if row.decided_on else "à décider"
        borne = bearer(convention, row.offer, row.line) if convention is not None and row.amount is not None else None
        price = f", {euros(row.amount)} par an" if row.amount is not None else ""
        line = f" pour « {borne.label} »" if borne is not None else ""
        lines.append(Line(f"{offer_label(version, row.offer)}, ouvert le {long_date(row.opened_on)}", f"{state}{price}{line}",
                          row.reason, act_link(row.decided_by), kept_links(row, may)))  # fmt: skip
    return Section("examens", "Examens approfondis", lines, "Aucun examen n’est ouvert.",
                   add_link("Ouvrir un examen", "examens", membership, may))  # fmt: skip


def mandates(user: Any, membership: Membership, may: bool) -> Section:
    lines = [
        Line(str(r.supplier) if user.is_staff_of_host else f"Compte {r.account}", r.assets,
             f"compte {r.account}, {period(r.starts_on, r.ends_on)}, sans frais", act_link(r.decided_by), kept_links(r, may))
        for r in membership.mandates.visible_to(user).select_related("supplier", "decided_by")
    ]  # fmt: skip
    return Section("mandats", "Mandats d’achat", lines, "Aucun mandat d’achat n’est donné.",
                   add_link("Ajouter un mandat", "mandats-d-achat", membership, may))  # fmt: skip


def in_kind(user: Any, membership: Membership, may: bool) -> Section:
    rows = list(membership.in_kind_agents.visible_to(user).select_related("person"))
    lines = [Line(str(r.person), f"{number(r.days, 1)} jours par an", period(r.starts_on, r.ends_on), None, kept_links(r, may))
             for r in rows]  # fmt: skip
    total = sum(r.days for r in rows if r.ends_on is None)
    title = f"Contribution en nature, {number(total, 1)} jours par an" if rows else "Contribution en nature"
    return Section("nature", title, lines, "Aucun agent du membre n’apporte de jours.",
                   add_link("Ajouter un agent", "agents-contributeurs", membership, may))  # fmt: skip


def admissions(user: Any, membership: Membership, version: Version | None) -> Iterable[Section]:
    """Yield where the member stands on the intake lists, and what it may take meanwhile (MEM-20)."""
    rows = list(membership.intake_requests.visible_to(user).select_related("intake__agreement"))
    lines = []
    for row in rows:
        state = f", décidée le {long_date(row.decided_on)}" if row.decided_on else ""
        waits = row.outcome == IntakeOutcome.WAITING and row.intake.fallback
        meanwhile = f"en attendant : « {offer_label(version, row.intake.fallback)} »" if waits else ""
        told = f"demandée le {long_date(row.asked_on)}, {row.get_outcome_display()}{state}"
        lines.append(Line(f"{offer_label(version, row.intake.offer)} {row.intake.year}", told, meanwhile,
                          Link("Voir la liste", row.intake.get_absolute_url())))  # fmt: skip
    if lines:
        yield Section("admissions", "Listes d’admission", lines, "")


def letters(user: Any, membership: Membership, may: bool) -> Section:
    rows = Letter.objects.visible_to(user).filter(organization=membership.organization_id, agreement=membership.agreement_id)
    lines = [Line(str(r).capitalize(), r.wording, "", act_link(r.decided_by),
                  (*kept_links(r, may), *file_link("letter-attach", r, may)))
             for r in rows.select_related("decided_by")]  # fmt: skip
    return Section("lettres", "Lettres d’engagement et d’intention", lines, "Aucune lettre n’est enregistrée.",
                   add_link("Ajouter une lettre", "lettres", membership.organization, may))  # fmt: skip


def disputes(user: Any, membership: Membership, may: bool) -> Section:
    lines = []
    for row in membership.disputes.visible_to(user):
        state = f"clos le {long_date(row.closed_on)}" if row.closed_on else f"ouvert le {long_date(row.opened_on)}"
        stages = "; ".join(f"{s}{f', {s.outcome}' if s.outcome else ''}" for s in row.steps.visible_to(user))
        more = (*add_link("Ajouter une étape", "etapes-de-differend", row, may), *file_link("dispute-attach", row, may))
        lines.append(Line(row.subject, ", ".join(filter(None, (state, row.court, row.outcome))), stages, None,
                          (*kept_links(row, may), *more)))  # fmt: skip
    return Section("differends", "Différends", lines, "Aucun différend.",
                   add_link("Ouvrir un différend", "differends", membership, may))  # fmt: skip


def withdrawn(notices: list[Notice]) -> list[Section]:
    """Return the notices that were given then withdrawn: they stay readable."""
    lines = [
        Line(f"Reçu le {long_date(one.received_on)}",
             f"retiré le {long_date(one.withdrawn_on)}" if one.withdrawn_on is not None else "",
             f"{one.withdrawal.rstrip('.')}. La sortie était au {long_date(one.exit_on)}.", act_link(one.withdrawn_by))
        for one in notices
    ]  # fmt: skip
    return [Section("retires", "Préavis retirés", lines, "")] if lines else []


def leaving(user: Any, notice: Notice, may: bool) -> Iterable[Section]:
    """Yield the notice, its account and its checklist."""
    said = [
        Line("À l’initiative", f"du {notice.get_given_by_display()}", notice.reason, act_link(notice.decided_by)),
        Line("Lettre recommandée", f"reçue le {long_date(notice.received_on)}",
             f"envoyée le {long_date(notice.sent_on)}" if notice.sent_on else ""),
        Line("Dernier jour", long_date(notice.exit_on), notice.exit_rule),
    ]  # fmt: skip
    if notice.waiver_on and notice.waiver_member_on and notice.waiver_host_on:
        signed = f"signé du membre le {long_date(notice.waiver_member_on)}, du gestionnaire le {long_date(notice.waiver_host_on)}"
        said.append(Line("Accord des deux parties", signed))
    yield Section("preavis", "Préavis", said, "", file_link("notice-attach", notice, may))
    costs = [
        Line(r.label, euros(r.amount) if r.amount is not None else "montant à fixer",
             ", ".join(filter(None, (str(r.get_kind_display()), f"jusqu’au {long_date(r.until)}" if r.until else "",
                                     agreed_words(r)))), None, kept_links(r, may))
        for r in notice.costs.visible_to(user)
    ]  # fmt: skip
    yield Section("compte", "Compte de sortie", costs, "Rien n’est dû.",
                  add_link("Ajouter une ligne", "compte-de-sortie", notice, may))  # fmt: skip
    tasks = [
        Line(r.label, f"fait le {long_date(r.done_on)}" if r.done_on else f"pour le {long_date(r.due_on)}" if r.due_on else "",
             f"par le {r.get_owner_display()}", None, kept_links(r, may))
        for r in notice.tasks.visible_to(user)
    ]  # fmt: skip
    yield Section("taches", "À faire avant la sortie", tasks, "Rien à faire.",
                  add_link("Ajouter une tâche", "taches-de-sortie", notice, may))  # fmt: skip


def agreed_words(row: Any) -> str:
    both = row.agreed_member_on is not None and row.agreed_host_on is not None
    return "accepté des deux parties" if both else "à accepter"
