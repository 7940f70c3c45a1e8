from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "communis.portal"
    label = "portal"
    verbose_name = "Accueil"
