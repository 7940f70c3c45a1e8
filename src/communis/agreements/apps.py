from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The life of a convention: its versions, the acts behind it, and the memberships of each member."""

    name = "communis.agreements"
    label = "agreements"
    verbose_name = "Conventions"

    def ready(self) -> None:
        import communis.agreements.records  # noqa: F401  the kinds of rows kept by plain forms join those of the directory
