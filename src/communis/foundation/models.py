"""The tables of the foundation: the pools themselves."""

from communis.foundation.tenancy import Pool

__all__ = ["Pool"]
