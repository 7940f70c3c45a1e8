"""The application as it is served, with a clock around it and one page more, which does nothing: of the bench alone."""
