"""The closed lists of the foundation."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    """How a long run ended."""

    DONE = "done", "terminé"
    FAILED = "failed", "échoué"
    CANCELLED = "cancelled", "arrêté"
