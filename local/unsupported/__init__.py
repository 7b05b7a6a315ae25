"""Rejects requests that would be accepted but have no effect here, by an error that names the member.

Imports events and states. Pipelines and the server import it.
"""
