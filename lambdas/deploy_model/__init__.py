"""Brings the endpoint to the model package that somebody approved, or away from one that was rejected."""
