"""The examples of a file are its tests: each makes small tables of its own, computes, and compares (TAR-21)."""

from communis.tariff.examples.running import Failure, run_examples

__all__ = ["Failure", "run_examples"]
