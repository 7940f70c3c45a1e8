"""The closed lists of the directory."""

from django.db.models import TextChoices


class GrantRole(TextChoices):
    """What an account may do in a pool: the first four for the host’s staff, the others for one member."""

    DIRECTOR = "director", "direction du service"
    FINANCE = "finance", "finances du service"
    TECHNICIAN = "technician", "agent du service"
    AUDITOR = "auditor", "contrôle (lecture seule)"
    ELECTED = "elected", "élu de l’organisation"
    OFFICE = "office", "secrétariat de l’organisation"
    CONTACT = "contact", "interlocuteur technique"


HOST_ROLES = frozenset({GrantRole.DIRECTOR, GrantRole.FINANCE, GrantRole.TECHNICIAN, GrantRole.AUDITOR})
STEP_UP_ROLES = frozenset({GrantRole.DIRECTOR, GrantRole.FINANCE})


class RoleKind(TextChoices):
    """A function that a person holds in an organization (ORG-09, ORG-10)."""

    DECISION = "decision", "interlocuteur décideur"
    TECHNICAL = "technical", "interlocuteur technique"
    MAYOR = "mayor", "maire"
    PRESIDENT = "president", "président"
    VICE_PRESIDENT = "vice_president", "vice-président"
    CLERK = "clerk", "direction générale ou secrétariat de mairie"
    LEGAL = "legal", "représentant légal"
    FINANCE = "finance", "responsable financier"
    IT_REFERENT = "it_referent", "référent informatique"
    WORKING_GROUP = "working_group", "représentant des services au groupe de travail"
    IT_AGENT = "it_agent", "agent informatique contributeur"
    ACCOUNTANT = "accountant", "comptable public"


ELECTIVE = frozenset({RoleKind.MAYOR, RoleKind.PRESIDENT, RoleKind.VICE_PRESIDENT})


class PopulationKind(TextChoices):
    """The populations that a law or a convention names (ORG-06)."""

    TOTAL = "totale", "totale"
    MUNICIPAL = "municipale", "municipale"
    DGF = "dgf", "DGF"
    DECLARED = "déclarée", "déclarée"
    COUNTED_APART = "comptée_à_part", "comptée à part"
