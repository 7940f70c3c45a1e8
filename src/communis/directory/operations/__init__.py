"""What may happen in the directory: each verb is one transaction, and may refuse."""
