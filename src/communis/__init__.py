"""Communis runs a pooled IT department on its agreement."""

__version__ = "0.1.0"  # a literal, so that it costs nothing to read; a test keeps it equal to pyproject.toml
