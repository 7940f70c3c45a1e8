"""The catalogue of each convention version, and what is known of its prerequisites at each member."""

from communis.catalog.models.coverage import Coverage
from communis.catalog.models.entries import Edition, EditionHours, Entry, Prerequisite, PrerequisiteCheck, Tool

__all__ = ["Coverage", "Edition", "EditionHours", "Entry", "Prerequisite", "PrerequisiteCheck", "Tool"]
