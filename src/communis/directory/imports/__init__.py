"""The lists of the directory that can be imported, and taken away in the same columns (INT-02, INT-03)."""

from communis.directory.imports.facts import FACTS
from communis.directory.imports.lists import LISTS
from communis.directory.imports.organizations import ORGANIZATIONS
from communis.directory.imports.people import PEOPLE, ROLES
from communis.directory.imports.populations import POPULATIONS, REGISTER

IMPORTABLES = (ORGANIZATIONS, PEOPLE, ROLES, FACTS, POPULATIONS, *LISTS)

__all__ = ["FACTS", "IMPORTABLES", "ORGANIZATIONS", "PEOPLE", "POPULATIONS", "REGISTER", "ROLES"]
