"""The lists of the directory that can be imported (INT-02, INT-03)."""

from communis.directory.imports.facts import FACTS
from communis.directory.imports.organizations import ORGANIZATIONS
from communis.directory.imports.populations import POPULATIONS, REGISTER

IMPORTABLES = (ORGANIZATIONS, FACTS, POPULATIONS)

__all__ = ["FACTS", "IMPORTABLES", "ORGANIZATIONS", "POPULATIONS", "REGISTER"]
