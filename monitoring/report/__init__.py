"""Renders the monitoring report as one HTML page.

May import all other rooms. Only the entry point `analyze` imports it.
"""
