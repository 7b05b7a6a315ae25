"""Summarises captured photos, for people and in the shape of Model Monitor's statistics.json.

Imports the captures. Drift detection and the report import it.
"""
