"""The pages of conventions, acts, memberships and documents."""
