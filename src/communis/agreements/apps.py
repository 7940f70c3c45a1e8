from importlib import import_module

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The life of a convention: its versions, the acts behind it, and the memberships of each member."""

    name = "communis.agreements"
    label = "agreements"
    verbose_name = "Conventions"

    def ready(self) -> None:
        """Let the kinds of rows kept by plain forms join those of the directory."""
        import_module("communis.agreements.records")
