"""The life of a membership in dates: effect, term, renewal, notice and exit, as the convention says them."""
