"""The tables of conventions, acts and memberships."""
