"""The kinds of rows of conventions that are kept by a plain form; see `directory.records`, the one mechanism for them all."""

from communis.agreements.records import acts, conventions, erased, memberships

__all__ = ["acts", "conventions", "erased", "memberships"]
