"""The settings of the product, with the routes of the bench."""

from communis.settings import *  # noqa: F403

ROOT_URLCONF = "measured.urls"
