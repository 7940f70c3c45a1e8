"""What a change does: comparisons of two results, simulations, and a published table held against the computed one."""
