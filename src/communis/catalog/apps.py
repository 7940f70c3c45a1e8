from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What a convention offers."""

    name = "communis.catalog"
    label = "catalog"
    verbose_name = "Catalogue"
