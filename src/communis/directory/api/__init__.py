"""What programs read of the directory: the same rows as the pages, for the same accounts."""

from communis.directory.api import department, facts, organizations, own_token, people, territory

ROOMS = (
    ("", own_token.room),
    ("", organizations.room),
    ("", people.room),
    ("", facts.room),
    ("", department.room),
    ("", territory.room),
)
