"""Probabilities → accepted, or low confidence."""
