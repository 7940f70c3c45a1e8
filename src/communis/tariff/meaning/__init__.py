"""What a convention means: units, types and names of every formula, and the checks made before anyone is billed."""
