"""Every setting, from the environment, with safe defaults. Nothing here is secret: the secret is made in the data folder."""

from __future__ import annotations

import os
from pathlib import Path

from communis.foundation.database import database_settings
from communis.foundation.secret import secret_key

DATA = Path(os.environ.get("COMMUNIS_DATA", "data")).absolute()
ORIGIN = os.environ.get("COMMUNIS_ORIGIN", "http://localhost:8000").rstrip("/")  # the address people type; links in e-mails use it
HTTPS = ORIGIN.startswith("https://")
DEBUG = os.environ.get("COMMUNIS_DEBUG") == "oui"
TESTING = os.environ.get("COMMUNIS_TESTING") == "oui"

SECRET_KEY = secret_key(DATA)
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
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "communis.foundation.requests.RequestIdentity",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
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
            ],
        },
    }
]
