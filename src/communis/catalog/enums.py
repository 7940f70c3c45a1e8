"""The closed lists of the catalogue."""

from django.db.models import TextChoices


class EntryKind(TextChoices):
    """What a node of the catalogue is (CAT-01)."""

    PACKAGE = "package", "socle"
    LOT = "lot", "lot"
    POLE = "pole", "pôle"
    BRICK = "brick", "brique"
    TIER = "tier", "niveau"
    SERVICE = "service", "prestation"
    MISSION = "mission", "mission"


class Family(TextChoices):
    """The families by which missions are grouped and activity is reported (CAT-07)."""

    STEERING = "steering", "pilotage opérationnel et administratif"
    DEVELOPMENT = "development", "développement applicatif"
    OPERATION = "operation", "MCO/MCS"


class Performer(TextChoices):
    """Who performs a service (CAT-24)."""

    HOST = "host", "la DSI mutualisée"
    CONTRACTED = "contracted", "un prestataire sous contrat de la DSI"
    LOCAL = "local", "un prestataire local choisi par le membre"
    PUBLISHER = "publisher", "l’éditeur (support de niveau 3)"


class Charging(TextChoices):
    """How a service is charged (CAT-11)."""

    FLAT = "flat", "au forfait"
    UNIT = "unit", "au coût unitaire"
    FREE = "free", "sans frais"


class Deliverable(TextChoices):
    """What a service produces (CAT-08)."""

    REPORT_OF_MEETING = "meeting_report", "compte rendu"
    REVIEW = "review", "bilan"
    REPORT = "report", "rapport"
    OPPORTUNITY = "opportunity", "note d’opportunité"
    SCOPING = "scoping", "note de cadrage"
    NEEDS = "needs", "expression de besoins"
    SPECIFICATIONS = "specifications", "dossier de spécifications"
    ARCHITECTURE = "architecture", "dossier d’architecture"
    RULES = "rules", "règles de gestion"
    DASHBOARDS = "dashboards", "tableaux de bord"


class Effect(TextChoices):
    """What an unmet prerequisite does when an offer is activated (CAT-15)."""

    BLOCKS = "blocks", "bloque l’activation"
    WARNS = "warns", "avertit seulement"


class Measure(TextChoices):
    """What a prerequisite measures, on the sites of a member (CAT-16)."""

    NONE = "", "se constate"
    SPEED = "speed", "débit du site, en Mbit/s"
    FIBRE = "fibre", "raccordement du site à la fibre"


class CheckOutcome(TextChoices):
    """What was found of a prerequisite at a member (CAT-15)."""

    MET = "met", "rempli"
    UNMET = "unmet", "non rempli"
    WAIVED = "waived", "dispensé"
