from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What a convention offers."""

    name = "communis.catalog"
    label = "catalog"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        import communis.catalog.records  # noqa: F401  the kinds of rows kept by plain forms join those of the directory
