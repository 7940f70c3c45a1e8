"""What every room stands on: the database and its walls, jobs, backup, commands that serve. No word of the field."""
