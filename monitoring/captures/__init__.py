"""Reads data capture: JSON Lines files become one table with a row for each photo.

May import the features. Statistics, the report and `analyze` import it.
"""
