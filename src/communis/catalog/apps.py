from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What a convention offers."""

    name = "communis.catalog"
    label = "catalog"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        """Let the kinds of rows kept by plain forms join those of the directory."""
        import_module("communis.catalog.records")
