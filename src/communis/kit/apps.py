from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "communis.kit"
    label = "kit"
    verbose_name = "Habillage"
