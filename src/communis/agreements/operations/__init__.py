"""What may happen to conventions: each verb is one transaction, and may refuse."""
