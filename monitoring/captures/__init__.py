"""Reads data capture: JSON Lines files in S3's layout become one table with a row for each photo.

Imports the image features. Statistics, drift and report import it.
"""
