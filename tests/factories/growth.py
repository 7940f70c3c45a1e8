"""More rows of every kind in the pool in scope, and in the file of one of its members."""

from datetime import UTC, date, datetime, time, timedelta

from communis.agreements.models import (
    Agreement,
    AmendmentChange,
    AnnexedTable,
    Article,
    Attachment,
    Attendance,
    CommitteeOpinion,
    Document,
    DocumentRecipient,
    DocumentVisa,
    Intake,
    IntakeRequest,
    LegalPiece,
    Membership,
    Obligation,
    PriceAct,
    PriorOpinion,
    Resolution,
    ReviewDate,
    SharedGood,
    StaffFile,
    Step,
)
from communis.agreements.operations.amendments import amend
from communis.agreements.operations.versions import begin_blank
from communis.catalog.models import Edition, Entry, Prerequisite, Tool
from communis.directory.enums import GrantRole
from communis.directory.models import (
    ApiToken,
    BudgetMilestone,
    ClosingDay,
    Composition,
    Delegation,
    Fact,
    FactType,
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
    Succession,
    Supplier,
    SupplierContract,
    SupplierLabel,
    Unit,
    WorkShare,
    WorkTable,
)
from communis.directory.tokens import make_token
from communis.foundation.mail import KINDS, post
from communis.foundation.models import Run
from factories.world import account, enrolled

SINCE, TODAY = date(2024, 1, 1), date(2026, 1, 2)
AT = datetime(2026, 1, 2, 8, tzinfo=UTC)


def saved(row):
    row.save()
    return row


def grow(world, codes):
    """Add a row to every list for each code Insee, and to the files of Sixt-sur-Aff, of a person, a supplier, a post, a fact."""
    world.made = getattr(world, "made", {}) or first_rows(world)
    for code in codes:
        town = enrolled(f"Commune {code}", code)
        in_lists(world, town, code)
        in_files(world, town, code)


def first_rows(world):
    unit = saved(Unit(name="Direction"))
    kind = FactType.objects.unscoped().get(code="postes_de_travail")
    values = {"type": kind, "organization": world["sixt"], "valid_on": SINCE, "source": "inventaire", "entered_by": "Ada",
              "entered_at": AT}  # fmt: skip
    return {
        "person": saved(Person(first_name="Ada", last_name="Bihan")), "supplier": saved(Supplier(name="Atelier", kind="maker")),
        "post": saved(Post(unit=unit, title="Technicien", starts_on=SINCE)), "fact": saved(Fact(number=1, **values)),
        "values": values, **first_conventions(world),
    }  # fmt: skip


def first_conventions(world):
    version = begin_blank(name="Convention", short_name="convention")
    Article(version=version, rank=1, number="1", title="Objet").save()
    version.status = "pending"
    version.save()
    amendment = amend(version, number="1", subject="Avenant")
    file = StaffFile(organization=world["sixt"], agreement=version.agreement, agent="Ada Riou", status="tenured", move="lent",
                     functions="support", starts_on=SINCE, ends_on=SINCE)  # fmt: skip
    edition = saved(Edition(name="Catalogue"))
    held = {"organization": world["sixt"], "agreement": version.agreement}
    return {"agreement": version.agreement, "version": version, "draft": amendment.makes, "amendment": amendment,
            "staff file": saved(file), "document": saved(written(world["sixt"], "Acte")), "edition": edition,
            "entry": saved(Entry(edition=edition, kind="brick", label="Brique")),
            "act": saved(Resolution(organization=world["sixt"], subject="Adhésion", session_on=SINCE)),
            "membership": saved(Membership(requested_on=SINCE, effect_on=SINCE, **held)),
            "intake": saved(Intake(agreement=version.agreement, offer="socle", year=2026))}  # fmt: skip


def written(organization, title):
    return Document(
        organization=organization, kind="adhesion", title=title, author="Ada", made_at=AT, docx="0" * 64, pdf="0" * 64
    )


def conventions_in_lists(world, town, code):
    made = world.made
    saved(Agreement(name=f"Convention {code}", short_name=code))
    saved(written(town, f"Acte {code}"))
    StaffFile(organization=town, agreement=made["agreement"], agent=f"Agent {code}", status="tenured", move="lent",
              functions="support", starts_on=SINCE).save()  # fmt: skip
    one = saved(Membership(organization=town, agreement=made["agreement"], requested_on=SINCE, effect_on=SINCE))
    IntakeRequest(intake=made["intake"], membership=one, asked_on=SINCE).save()
    Intake(agreement=made["agreement"], offer=f"offre {code}", year=2025).save()
    Edition(name=f"Catalogue {code}").save()
    Resolution(organization=town, subject=f"Acte {code}", session_on=SINCE).save()


def conventions_in_files(world, code):
    made, rank = world.made, int(code) + 10
    agreement, draft = made["agreement"], made["draft"]
    Article(version=draft, rank=rank, number=code, title=f"Titre {code}").save()
    AmendmentChange(amendment=made["amendment"], kind="clause", wording=code).save()
    AnnexedTable(version=draft, year=2100 + rank).save()
    for name in ("agreement", "amendment", "membership", "version"):
        Attachment(**{name: made[name]}, organization=world["sixt"], name=f"{code}.pdf", kind="signed", size=1,
                   audience="host", digest="0" * 64, media="application/pdf", added_by="Ada", added_at=AT).save()  # fmt: skip
    LegalPiece(agreement=agreement, kind="committee", employer=world["sixt"], on=SINCE).save()
    ReviewDate(agreement=agreement, due_on=SINCE + timedelta(rank)).save()
    SharedGood(agreement=agreement, name=f"Bien {code}").save()
    PriceAct(agreement=agreement, parameter=f"prix_{code}", value=1, starts_on=SINCE, reference="acte").save()
    Entry(edition=made["edition"], kind="service", label=f"Prestation {code}", rank=rank).save()
    Entry(edition=made["edition"], parent=made["entry"], kind="service", label=f"Mission {code}").save()
    Tool(entry=made["entry"], name=f"Outil {code}").save()
    Prerequisite(entry=made["entry"], key=f"p-{code}".lower(), wording=f"Prérequis {code}").save()
    Attendance(resolution=made["act"], name=f"Élu {code}").save()
    PriorOpinion(resolution=made["act"], body=f"Commission {code}", on=SINCE).save()
    Step(membership=made["membership"], kind="renewed", on=SINCE + timedelta(rank), entered_by="Ada", entered_at=AT).save()
    Obligation(membership=made["membership"], key=f"o-{code}".lower(), label=f"Obligation {code}").save()
    DocumentRecipient(document=made["document"], name=code).save()
    DocumentVisa(document=made["document"], quality="writer", name=code, on=SINCE).save()
    CommitteeOpinion(staff_file=made["staff file"], committee="cst", on=SINCE, opinion="favourable").save()


def in_lists(world, town, code):
    person = saved(Person(first_name="Loïc", last_name=f"Riou {code}", email=f"{code}@redon.example"))
    for kind in ("decision", "clerk"):
        Role(person=person, organization=town, kind=kind, starts_on=SINCE).save()
    Role(person=person, organization=town, kind="mayor", starts_on=SINCE, ends_on=date(2026, 3, 15)).save()
    Fact(**world.made["values"] | {"organization": town, "number": 2}).save()
    saved(Supplier(name=f"Fournisseur {code}", kind="maker"))
    saved(Partner(name=f"Partenaire {code}", kind="local"))
    unit = saved(Unit(name=f"Pôle {code}"))
    post_ = saved(Post(unit=unit, title=f"Poste {code}", starts_on=SINCE))
    Occupation(post=post_, person=person, status="tenured", starts_on=SINCE).save()
    OrganizationType(name=f"type {code}").save()
    FactType(code=f"fait_{code}".lower(), label=f"fait {code}").save()
    account(world, code, f"Compte {code}", GrantRole.TECHNICIAN)
    director = world.accounts["director"]
    make_token(ApiToken(name=code, scopes=["facts.read"], expires_on=TODAY + timedelta(300)), account=director, today=TODAY)
    Run(kind="import", title=f"Import {code}", account=world.accounts[code], asked_at=AT, ended_at=AT, outcome="done").save()
    Run(kind="import", title=f"Import {code}", account=world.accounts[code], asked_at=AT).save()
    conventions_in_lists(world, town, code)
    post(next(name for name, kind in KINDS.items() if not kind.optional), director, subject=f"Avis {code}", text="Bonjour.")


def in_files(world, town, code):
    sixt, made, rank = world["sixt"], world.made, int(code[-3:])
    person = saved(Person(first_name="Éva", last_name=f"Caro {code}", supplier=made["supplier"]))
    Role(person=person, organization=sixt, kind="working_group", starts_on=SINCE).save()
    Role(person=made["person"], organization=town, kind="it_referent", starts_on=SINCE).save()
    conventions_in_files(world, code)
    Delegation(
        organization=sixt, delegate=made["person"], granted_by="le maire", scope=code, act="arrêté", starts_on=SINCE
    ).save()
    Site(
        organization=sixt, kind="school", name=f"École {code}", carrier=saved(Supplier(name=f"Réseau {code}", kind="carrier"))
    ).save()
    hour = time(rank % 24, rank % 50)
    OpeningHours(organization=sixt, weekday="1", opens_at=hour, closes_at=time(23, 59)).save()
    ClosingDay(organization=sixt, starts_on=SINCE, ends_on=SINCE, label=code).save()
    BudgetMilestone(organization=sixt, kind="BP", year=2027, on=date(2027, 3, 1)).save()
    LegalGround(organization=sixt, reference=f"article {code}", wording="un service", starts_on=SINCE).save()
    Composition(whole=sixt, part=town, starts_on=SINCE).save()
    Composition(whole=town, part=sixt, starts_on=SINCE).save()
    gone = saved(Organization(type=sixt.type, name=f"Ancienne {code}", parent=sixt))
    Succession(predecessor=gone, successor=sixt, kind="merger", on=SINCE, act="arrêté").save()
    sixt.phone = code
    sixt.save()
    SupplierLabel(supplier=made["supplier"], name=f"Label {code}", starts_on=SINCE).save()
    SupplierContract(supplier=made["supplier"], reference=code, subject="maintenance", starts_on=SINCE).save()
    Occupation(post=made["post"], person=person, status="tenured", starts_on=SINCE, ends_on=SINCE).save()
    WorkShare(post=made["post"], year=2026, brick=code, fte="0.01").save()
    table = saved(WorkTable(year=2026, adopted_on=SINCE, source=f"avenant {code}"))
    WorkShare(post=made["post"], year=2026, table=table, brick=code, fte="0.01").save()
    AnnexedTable(version=made["version"], year=2026 + rank, table=table).save()
    made["fact"] = saved(Fact(number=rank, replaces=made["fact"], reason="relevé refait", **made["values"]))
