"""Draws photos of vehicles in front of changing backgrounds, for the generated archive.

Imports nothing outside this room. Only `pipelines.data.generate` imports it.
"""
