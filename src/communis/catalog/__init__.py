"""What a convention offers, and what each offer would cost: asked of the convention, never kept beside it."""
