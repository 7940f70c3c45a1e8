"""The text: read into a tree of what is written, assembled into rules, laid out, edited and written back."""
