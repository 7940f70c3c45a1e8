"""Every setting, from the environment, with safe defaults. Nothing here is secret: the secret is made in the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pghistory

from communis.foundation.database import database_settings
from communis.foundation.letterbox import mail_settings
from communis.foundation.secret import secret_key

DATA = Path(os.environ.get("COMMUNIS_DATA", "data")).absolute()
ORIGIN = os.environ.get("COMMUNIS_ORIGIN", "http://localhost:8000").rstrip(
    "/"
)  # the address people type; links in e-mails use it
HTTPS = ORIGIN.startswith("https://")
DEBUG = os.environ.get("COMMUNIS_DEBUG") == "oui"
TESTING = os.environ.get("COMMUNIS_TESTING") == "oui"

SECRET_KEY = secret_key(DATA)
SECRET_KEY_FALLBACKS = os.environ.get("COMMUNIS_FORMER_SECRETS", "").split()  # what they sealed still opens
ALLOWED_HOSTS = [ORIGIN.partition("://")[2].partition(":")[0], *os.environ.get("COMMUNIS_HOSTS", "localhost 127.0.0.1").split()]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
ROOT_URLCONF = "communis.portal.urls"
WSGI_APPLICATION = "communis.portal.wsgi.application"
DATABASES = {"default": database_settings(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "communis.foundation",
    "communis.kit",
    "communis.directory",
    "communis.catalog",
    "communis.agreements",
    "communis.portal",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "communis.foundation.requests.RequestIdentity",
    "communis.foundation.requests.HeadersOnly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # with bytes at random: what a page holds is not told by its length
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["communis.kit.templatetags.kit", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "communis.portal.rail.rail",
            ],
        },
    }
]

COMMUNIS_GLOSSARY = "communis.directory.glossary.TERMS"
FORM_RENDERER = "communis.kit.fields.KitRenderer"
DJANGO_TABLES2_TEMPLATE = "kit/table.html"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "UserAttributeSimilarityValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"min_length": 12}
AUTH_PASSWORD_VALIDATORS[2]["OPTIONS"] = {"user_attributes": ("name", "email")}
PASSWORD_RESET_TIMEOUT = 24 * 3600
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in hundreds of times
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "communis.directory.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by an invitation sent to its address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    name: f"communis.directory.account_forms.{form}"
    for name, form in {
        "login": "SignInForm", "reauthenticate": "ConfirmPasswordForm", "change_password": "ChangePasswordForm",
        "set_password": "FirstPasswordForm", "reset_password": "ForgottenPasswordForm",
        "reset_password_from_key": "NewPasswordForm",
    }.items()
}  # fmt: skip
ACCOUNT_RATE_LIMITS = {"manage_email": "5/h/user"}  # each writes to an address that may be somebody else’s
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation proved the address
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "communis.directory.accounts.MFAAdapter"
MFA_FORMS = {
    name: f"communis.directory.account_forms.{form}"
    for name, form in {
        "authenticate": "CodeForm", "reauthenticate": "ConfirmCodeForm", "activate_totp": "AddApplicationForm",
        "add_webauthn": "AddKeyForm", "edit_webauthn": "NameKeyForm",
    }.items()
}  # fmt: skip
USERSESSIONS_TRACK_ACTIVITY = False
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("COMMUNIS_BEHIND_PROXY") == "oui" else 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
COMMUNIS_GRANTS = "communis.directory.access.grants_of"
COMMUNIS_CONVENTION = "communis.agreements.reading.convention_text_in_force"
COMMUNIS_CONVENTION_READ = "communis.agreements.editions.convention_text_read"
COMMUNIS_HOLDING = "communis.agreements.choices.tables_holding"
COMMUNIS_ADHERING = "communis.agreements.reading.adhering_on"
COMMUNIS_TARIFFS_READ = "communis.agreements.editions.tariffs_read_by"
COMMUNIS_POOLS = "communis.directory.access.pools_of"
COMMUNIS_STEP_UP = "communis.directory.access.must_step_up"
COMMUNIS_BEARER = "communis.directory.tokens.bearer_of"
COMMUNIS_TELL_USE = "communis.directory.tokens.tell_use"
COMMUNIS_API_RATE = int(os.environ.get("COMMUNIS_API_RATE", "300"))  # requests of a token within a minute
COMMUNIS_SECOND_FACTOR = os.environ.get("COMMUNIS_SECOND_FACTOR", "oui") == "oui"
COMMUNIS_REFERENCE_DATA = ["communis.directory.loading.ensure_register"]  # called with `say` before serving, as the owner

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if HTTPS else ("communis_session", "communis_csrf")
CSRF_COOKIE_HTTPONLY = True  # the pages carry the token: no script reads the cookie
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS and os.environ.get("COMMUNIS_BEHIND_PROXY") != "oui"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("COMMUNIS_BEHIND_PROXY") == "oui" else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"], "img-src": ["'self'", "data:"], "object-src": ["'none'"], "base-uri": ["'none'"],
        "form-action": ["'self'"], "frame-ancestors": ["'none'"],
    },
}  # fmt: skip

PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGTRIGGER_MIGRATIONS = False  # the triggers of history are those of the models, put in place after each migration
PGTRIGGER_INSTALL_ON_MIGRATE = True
CACHES = {  # shared by all processes: the limits of attempts are counted there, so it is never culled by a flood of keys
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}  # fmt: skip
globals().update(mail_settings(os.environ.get("COMMUNIS_SMTP", "")))  # without a server, e-mails are kept in a folder
EMAIL_FILE_PATH = str(DATA / "courriels")
COMMUNIS_MAIL_KEPT = "COMMUNIS_SMTP" not in os.environ
DEFAULT_FROM_EMAIL = os.environ.get("COMMUNIS_FROM", "communis@localhost")

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "static/"
COMMUNIS_STAGED = DATA / "imports"  # files sent and not yet imported
COMMUNIS_FILES = DATA / "files"  # the bytes of attached files and documents, by their digest
STATIC_ROOT = DATA / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA / "files")}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "communis.foundation.requests.WithRequest"}},
    "formatters": {"json": {"()": "communis.foundation.requests.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("COMMUNIS_LOG", "WARNING")},
}
