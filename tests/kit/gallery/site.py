"""A tiny site that shows every component, with what the mocks say: no model, no database, the real Content-Security-Policy."""

from __future__ import annotations

from pathlib import Path

SETTINGS = {
    "ROOT_URLCONF": "kit.gallery.urls",
    "ALLOWED_HOSTS": ["*"],
    "DEBUG": False,
    "STATIC_URL": "/static/",
    "LANGUAGE_CODE": "fr",
    "TIME_ZONE": "Europe/Paris",
    "USE_TZ": True,
    "FORM_RENDERER": "communis.kit.fields.KitRenderer",
    "MIDDLEWARE": [
        "csp.middleware.CSPMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "builtins": ["communis.kit.templatetags.kit", "template_partials.templatetags.partials"],
                "context_processors": ["django.template.context_processors.request", "kit.gallery.content.processor"],
            },
        }
    ],
    "CONTENT_SECURITY_POLICY": {
        "DIRECTIVES": {
            "default-src": ["'self'"], "img-src": ["'self'", "data:"], "object-src": ["'none'"], "base-uri": ["'none'"],
            "form-action": ["'self'"], "frame-ancestors": ["'none'"],
        },
    },
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}  # fmt: skip
# When nothing else configures Django: the kit alone, which shows that it needs no other room.
ALONE = {
    "SECRET_KEY": "only for tests",
    "INSTALLED_APPS": [
        "communis.kit", "django_htmx", "django_tables2", "django_filters", "template_partials", "django.contrib.staticfiles",
    ],
    **SETTINGS,
}  # fmt: skip
