from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "communis.directory"
    label = "directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added

        from communis.directory import sessions

        authenticator_added.connect(sessions.renew_key, dispatch_uid="communis.renew_key")
        for changed in (password_changed, password_reset, password_set):
            changed.connect(sessions.after_another_password, dispatch_uid="communis.after_another_password")
