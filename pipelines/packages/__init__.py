"""Packages the code that ships, as content-addressed archives, and uploads it.

Imports the settings. Delivery imports it.
"""
