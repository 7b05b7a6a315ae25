"""Renders the monitoring report as one HTML page.

Imports all other rooms. Only the entry point `monitoring/analyze.py` imports it.
"""
