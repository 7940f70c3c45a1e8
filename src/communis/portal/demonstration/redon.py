"""The pool of REDON Agglomération: its host, nine communes, their people, its department. People are invented."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from communis.catalog.models import Coverage
from communis.directory.enums import PartnerKind, RoleKind
from communis.directory.models import (
    BudgetMilestone,
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
    Role,
    Site,
    Supplier,
    SupplierLabel,
    WorkShare,
)
from communis.directory.names import sort_key
from communis.directory.operations.posts import load_annex
from communis.directory.register import ReferenceBody
from communis.portal.demonstration.people import BEGINNING, enrolled, give_accounts

MEMBERS = ("35013", "35236", "35328", "56001", "56194", "44067", "35237", "44057")
HOST = "243500741"
AGENTS = (  # invented; who is on each post of Redon’s annexe 1, in its order
    "Erwan Talhouarn", "Nolwenn Kerbrat", "Bleuenn Le Goff", "Tanguy Roperch", "Maïwenn Jégou", "Ronan Quéméner", "Malo Guivarch",
    "Inès Le Bihan", "Servane Hémery", "Goulven Madec", "Aziliz Thomazo",
)  # fmt: skip
GRADES = (
    "attaché principal", "rédacteur", "ingénieur", "technicien principal", "ingénieur", "technicien", "ingénieur principal",
    "technicien", "adjoint technique", "technicien principal", "technicien",
)  # fmt: skip


class Redon:
    """The pool of REDON Agglomération: its host, eight communes, their people, its department."""

    def make(self) -> None:
        self.types = {t.name: t for t in OrganizationType.objects.unscoped()}
        self.facts = {t.code: t for t in FactType.objects.unscoped()}
        self.partners()
        self.host = self.make_host()
        commune = self.types["commune"]
        self.communes = {insee: self.commune(insee, commune) for insee in MEMBERS}
        self.ccas = Organization(type=self.types["CCAS"], name="CCAS de Redon", parent=self.communes["35236"], department="35")
        self.ccas.save()
        self.people = give_accounts("redon", self.communes)
        self.roles()
        self.department()
        self.outside()
        for offer, kinds in (("socle_complet", ["town_hall", "school"]), ("audit", ["town_hall", "school"]), ("groupements", [])):
            Coverage(offer=offer, site_kinds=kinds, source="annexe 2").save()

    def partners(self) -> None:
        kinds = PartnerKind
        for name, kind in (
            ("Préfecture d’Ille-et-Vilaine", kinds.PREFECTURE),
            ("Sous-préfecture de Redon", kinds.PREFECTURE),
            ("Service de gestion comptable de Redon", kinds.ACCOUNTANT),
            ("Tribunal administratif de Rennes", kinds.COURT),
            ("Mégalis Bretagne", kinds.LOCAL),
            ("Loire-Atlantique Numérique", kinds.LOCAL),
            ("Région Bretagne", kinds.LOCAL),
            ("État", kinds.STATE),
        ):
            Partner(name=name, kind=kind).save()

    def partner(self, name: str) -> Partner:
        return Partner.objects.unscoped().get(name=name)

    def make_host(self) -> Organization:
        body = ReferenceBody.objects.get(siren=HOST)
        host = Organization(
            type=self.types["communauté d’agglomération"],
            reference=body,
            name="REDON Agglomération",
            siren=body.siren or "",
            department="35",
            legal_form="établissement public de coopération intercommunale",
            is_host=True,
            prefecture=self.partner("Préfecture d’Ille-et-Vilaine"),
            accountant=self.partner("Service de gestion comptable de Redon"),
            court=self.partner("Tribunal administratif de Rennes"),
        )
        host.save()
        LegalGround(
            organization=host,
            reference="articles L. 5211-4-2 et suivants du CGCT",
            starts_on=date(2022, 9, 1),
            wording="un service commun est créé entre l’établissement public et ses communes membres",
        ).save()
        for day in "12345":
            OpeningHours(organization=host, weekday=day, opens_at=time(8, 30), closes_at=time(12, 30)).save()
            OpeningHours(organization=host, weekday=day, opens_at=time(13, 30), closes_at=time(17, 30)).save()
        for kind, on in (("DOB", date(2027, 2, 15)), ("BP", date(2027, 3, 30)), ("CA", date(2027, 6, 28))):
            BudgetMilestone(organization=host, kind=kind, year=2027, on=on).save()
        Site(organization=host, kind="town_hall", name="Siège", connection="fibre", speed=1000).save()
        Site(organization=host, kind="datacenter", name="Salle informatique", connection="fibre", speed=10000).save()
        return host

    def commune(self, insee: str, type_: OrganizationType) -> Organization:
        made = enrolled(insee, type_)
        made.accountant = self.partner("Service de gestion comptable de Redon")
        made.save()
        Site(organization=made, kind="town_hall", name="Mairie", connection="shared_fibre", speed=300).save()
        Site(organization=made, kind="school", name="École publique", connection="copper", speed=20).save()
        return made

    def roles(self) -> None:
        """Give invented people their functions; two communes keep a vacancy, which the home page shows."""
        since, elected = BEGINNING, date(2026, 3, 29)
        one = self.people
        sixt, allaire, redon = (self.communes[i] for i in ("35328", "56001", "35236"))
        for kind, on in (("BP", date(2027, 4, 8)), ("CA", date(2027, 6, 24))):
            BudgetMilestone(organization=sixt, kind=kind, year=2027, on=on).save()
        held = [
            *(
                (one[f"{who}@demo.communis.example"], self.host, RoleKind.IT_AGENT, since)
                for who in ("direction", "finances", "pole", "technique")
            ),
            (one["maire@demo.communis.example"], sixt, RoleKind.MAYOR, elected),
            (one["maire@demo.communis.example"], sixt, RoleKind.DECISION, elected),
            (one["secretariat@demo.communis.example"], sixt, RoleKind.CLERK, since),
            (one["secretariat@demo.communis.example"], sixt, RoleKind.TECHNICAL, since),
            (one["contact@demo.communis.example"], allaire, RoleKind.TECHNICAL, since),
            (one["vice-presidence@demo.communis.example"], redon, RoleKind.DECISION, elected),
            (one["vice-presidence@demo.communis.example"], self.host, RoleKind.VICE_PRESIDENT, elected),
        ]
        president = Person(first_name="Alexis", last_name="Morvan-Leduc", email="presidence@demo.communis.example")
        president.save()
        held.append((president, self.host, RoleKind.PRESIDENT, elected))
        for insee, first, last in (("35013", "Gaëlle", "Tanguy"), ("44067", "Loïc", "Ménager"), ("44057", "Anaïs", "Breton")):
            person = Person(first_name=first, last_name=last, email=f"mairie-{insee}@demo.communis.example")
            person.save()
            held += [
                (person, self.communes[insee], RoleKind.MAYOR, elected),
                (person, self.communes[insee], RoleKind.DECISION, elected),
            ]
        for person, organization, kind, day in held:
            Role(person=person, organization=organization, kind=kind, starts_on=day).save()
        Delegation(
            organization=self.host,
            delegate=one["direction@demo.communis.example"],
            granted_by="le président",
            scope="actes courants du service commun",
            act="arrêté fictif n° 2026-31",
            starts_on=date(2026, 4, 10),
            ends_on=date(2027, 1, 31),
        ).save()

    def department(self) -> None:
        """Redon’s annexe 1: a direction, two pôles and twelve posts; who is on them is invented, and the last one is vacant."""
        made = load_annex(starts_on=date(2022, 9, 1))
        for rank, (post, agent) in enumerate(zip(made, AGENTS, strict=False)):
            fixed = rank == 5
            Occupation(
                post=post,
                person=self.agent(agent),
                grade=GRADES[rank],
                status="fixed_term" if fixed else "tenured",
                starts_on=BEGINNING,
                ends_on=date(2026, 12, 31) if fixed else None,
            ).save()
        for brick, fte in (("Socle complet", "0.60"), ("Groupements d’achats", "0.40")):
            WorkShare(post=made[0], year=2026, brick=brick, fte=Decimal(fte)).save()

    def agent(self, name: str) -> Person:
        """Return an agent of the department: one who has an account, or somebody invented for the post."""
        known = {str(person): person for person in self.people.values()}
        if name in known:
            return known[name]
        first, _, last = name.partition(" ")
        made = Person(first_name=first, last_name=last, email=f"{sort_key(name).replace(' ', '.')}@demo.communis.example")
        made.save()
        Role(person=made, organization=self.host, kind=RoleKind.IT_AGENT, starts_on=BEGINNING).save()
        return made

    def outside(self) -> None:
        for name, kind, label in (
            ("RESAH", "central", ""),
            ("Atelier Numérique de l’Oust", "managed", "ExpertCyber"),
            ("Logiciels Publics Réunis", "publisher", ""),
        ):
            supplier = Supplier(name=name, kind=kind)
            supplier.save()
            if label:
                SupplierLabel(supplier=supplier, name=label, starts_on=date(2025, 1, 15), ends_on=date(2027, 1, 14)).save()
        at = datetime(2026, 1, 6, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
        for insee, count in (("35328", 11), ("56001", 24), ("35236", 163)):
            Fact(
                type=self.facts["postes_de_travail"],
                organization=self.communes[insee],
                number=Decimal(count),
                valid_on=date(2026, 1, 1),
                source="inventaire fictif",
                entered_by="Inès Le Bihan",
                entered_at=at,
                is_made_up=True,
            ).save()
            Fact(
                type=self.facts["dispose_d_un_service_informatique"],
                organization=self.communes[insee],
                text="oui" if insee == "35236" else "non",
                valid_on=date(2026, 1, 1),
                source="déclaration fictive",
                entered_by="Inès Le Bihan",
                entered_at=at,
                is_made_up=True,
            ).save()
