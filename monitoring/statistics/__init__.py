"""Summarises photos: captured ones for people, and any images in the shapes of Model Monitor's files.

Imports captures and features. Drift detection, the report and the entry points import it.
"""
