"""What a command cannot do, said in one French sentence with the way out."""


class Impossible(Exception):
    """A command that cannot be carried out; `str()` is the sentence for whoever typed it."""
