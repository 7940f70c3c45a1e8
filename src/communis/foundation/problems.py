"""What a command cannot do, said in one French sentence with the way out."""


class Impossible(Exception):
    """A command that cannot be carried out; `str()` is the sentence for whoever typed it."""


class Refusal(Exception):
    """An act that is refused to the person who asks: `str()` is the sentence that says what, why, and what to do."""
