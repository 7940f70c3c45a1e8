"""The life of a convention: versions, council acts, memberships from the first request to the exit."""
