"""Where all rooms meet: home, territory, search, the roots of addresses."""
