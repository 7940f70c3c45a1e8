"""The components and formats of pages."""

from django import template

register = template.Library()
