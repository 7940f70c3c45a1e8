"""The closed lists of the directory."""

from django.db.models import TextChoices


class GrantRole(TextChoices):
    """What an account may do in a pool: the first five for the host’s staff, the others for one member (SEC-01)."""

    DIRECTOR = "director", "direction du service"
    FINANCE = "finance", "finances du service"
    UNIT_MANAGER = "unit_manager", "responsable de pôle"
    TECHNICIAN = "technician", "agent du service"
    AUDITOR = "auditor", "contrôle (lecture seule)"
    EXECUTIVE = "executive", "exécutif de l’organisation"
    OFFICE = "office", "direction générale ou secrétariat"
    CONTACT = "contact", "interlocuteur technique"
    MEMBER_FINANCE = "member_finance", "finances de l’organisation"
    ELECTED = "elected", "élu de l’organisation (lecture)"


HOST_ROLES = frozenset({
    GrantRole.DIRECTOR, GrantRole.FINANCE, GrantRole.UNIT_MANAGER, GrantRole.TECHNICIAN, GrantRole.AUDITOR,
})  # fmt: skip
MEMBER_ROLES = frozenset(GrantRole) - HOST_ROLES
MEMBER_WRITERS = frozenset({GrantRole.EXECUTIVE, GrantRole.OFFICE})
ACCESS_READERS = frozenset({GrantRole.DIRECTOR, GrantRole.FINANCE})
STAFF_READERS = frozenset({GrantRole.DIRECTOR, GrantRole.FINANCE, GrantRole.UNIT_MANAGER, GrantRole.AUDITOR})
STEP_UP_ROLES = frozenset({GrantRole.DIRECTOR, GrantRole.FINANCE})


class RoleKind(TextChoices):
    """A function that a person holds in an organization (ORG-09, ORG-10)."""

    DECISION = "decision", "interlocuteur décideur"
    TECHNICAL = "technical", "interlocuteur technique"
    MAYOR = "mayor", "maire"
    PRESIDENT = "president", "président"
    VICE_PRESIDENT = "vice_president", "vice-président en charge"
    CLERK = "clerk", "direction générale ou secrétariat de mairie"
    LEGAL = "legal", "représentant légal"
    FINANCE = "finance", "responsable financier"
    IT_REFERENT = "it_referent", "référent informatique"
    WORKING_GROUP = "working_group", "représentant des services au groupe de travail"
    IT_AGENT = "it_agent", "agent informatique contributeur"
    ACCOUNTANT = "accountant", "comptable public"
    DPO = "dpo", "délégué à la protection des données"


SINGLE = frozenset({RoleKind.MAYOR, RoleKind.PRESIDENT})  # held by one person at a time in an organization
ELECTIVE = frozenset({RoleKind.MAYOR, RoleKind.PRESIDENT, RoleKind.VICE_PRESIDENT})
EXPECTED = (RoleKind.DECISION, RoleKind.TECHNICAL)  # each member has one of each (ORG-09)


class PopulationKind(TextChoices):
    """The populations that a law or a convention names (ORG-06)."""

    TOTAL = "totale", "totale"
    MUNICIPAL = "municipale", "municipale"
    DGF = "dgf", "DGF"
    DECLARED = "déclarée", "déclarée"
    COUNTED_APART = "comptée_à_part", "comptée à part"


class FactShape(TextChoices):
    """What the value of a fact is."""

    NUMBER = "number", "un nombre"
    YES_NO = "yes_no", "oui ou non"
    WORDS = "words", "des mots"


class PartnerKind(TextChoices):
    """A body that the pool deals with and that is no member (ORG-02, ORG-18)."""

    PREFECTURE = "prefecture", "préfecture ou sous-préfecture"
    ACCOUNTANT = "accountant", "comptable public"
    COURT = "court", "tribunal administratif"
    STATE = "state", "service de l’État"
    LOCAL = "local", "collectivité ou syndicat partenaire"
    OTHER = "other", "autre partenaire"


class SupplierKind(TextChoices):
    """What a supplier does (ORG-17)."""

    PUBLISHER = "publisher", "éditeur"
    MAKER = "maker", "constructeur"
    CARRIER = "carrier", "opérateur"
    MANAGED = "managed", "infogéreur local"
    SERVICES = "services", "prestataire"
    CENTRAL = "central", "centrale d’achats"


class SiteKind(TextChoices):
    """What a site is (ORG-12)."""

    TOWN_HALL = "town_hall", "mairie ou siège"
    SCHOOL = "school", "école publique"
    LIBRARY = "library", "médiathèque"
    DATACENTER = "datacenter", "centre de données"
    TECHNICAL = "technical", "local technique"
    OTHER = "other", "autre site"


class Connection(TextChoices):
    """How a site reaches the network."""

    FIBRE = "fibre", "fibre dédiée"
    SHARED_FIBRE = "shared_fibre", "fibre mutualisée"
    COPPER = "copper", "cuivre"
    MOBILE = "mobile", "4G ou 5G"
    RADIO = "radio", "faisceau ou satellite"
    NONE = "none", "sans accès"


class PostStatus(TextChoices):
    """The status of the agent on a post (ORG-14)."""

    TENURED = "tenured", "titulaire"
    PERMANENT = "permanent", "CDI"
    FIXED_TERM = "fixed_term", "CDD"


class PostOrigin(TextChoices):
    """Where the agent on a post comes from (ORG-14)."""

    OWN = "own", "agent du gestionnaire"
    LENT = "lent", "mis à disposition"
    TRANSFERRED = "transferred", "transféré"


class SuccessionKind(TextChoices):
    """How an organization gives way to another (ORG-23)."""

    MERGER = "merger", "fusion"
    NEW_COMMUNE = "new_commune", "commune nouvelle"
    OTHER = "other", "autre réorganisation"


class MilestoneKind(TextChoices):
    """A step of the budget year (ORG-22)."""

    DEBATE = "DOB", "débat d’orientation budgétaire"
    BUDGET = "BP", "budget primitif"
    AMENDMENT = "DM", "décision modificative"
    ACCOUNTS = "CA", "compte administratif ou financier unique"


class Weekday(TextChoices):
    """The days of a week."""

    MONDAY = "1", "lundi"
    TUESDAY = "2", "mardi"
    WEDNESDAY = "3", "mercredi"
    THURSDAY = "4", "jeudi"
    FRIDAY = "5", "vendredi"
    SATURDAY = "6", "samedi"
    SUNDAY = "7", "dimanche"


class TokenScope(TextChoices):
    """What a token may read, among what its account may (INT-01)."""

    DIRECTORY = "directory.read", "organisations, sites, partenaires, fournisseurs, calendriers, territoire"
    PEOPLE = "people.read", "personnes, rôles, délégations de signature"
    FACTS = "facts.read", "faits et types de faits"
    DEPARTMENT = "department.read", "le service : pôles, postes, temps, affectations"
    OFFERS = "offers.read", "offres simulées et leur explication"
    CALENDAR = "calendar.read", "échéances et séances, pour un agenda qui s’abonne"
