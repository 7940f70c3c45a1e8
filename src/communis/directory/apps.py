from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "communis.directory"
    label = "directory"
    verbose_name = "Annuaire"
