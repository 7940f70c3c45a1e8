from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "communis.foundation"
    label = "foundation"
    verbose_name = "Socle technique"

    def ready(self) -> None:
        from communis.foundation import checks  # noqa: F401
