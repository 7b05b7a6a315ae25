"""Deploys the model package that somebody approved, and withdraws one that was rejected."""
