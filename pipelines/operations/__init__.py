"""Operates what is deployed: trains, classifies photos, monitors, stops what runs, and summarises the results.

May import waiting, delivery, registry and the rooms below, but not the definitions. Only the command line imports it.
"""
