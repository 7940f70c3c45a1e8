"""The input tables: members, choices, facts, registers, what was issued and decided."""
