"""The columnar plan: all members at once over integers, with the same results as the interpreter."""
