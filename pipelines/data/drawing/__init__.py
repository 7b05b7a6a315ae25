"""Draws photos of vehicles with varied surroundings, for the generated archive.

Imports nothing outside this room. Only `pipelines.data.generate` imports it.
"""
