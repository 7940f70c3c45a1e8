"""The exact interpreter: one member at a time, with all that an explanation needs; the oracle of the columnar plan."""
