from importlib import import_module

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "communis.foundation"
    label = "foundation"
    verbose_name = "Socle technique"

    def ready(self) -> None:
        for registering in ("checks", "lookups"):
            import_module(f"communis.foundation.{registering}")
