"""Operates what is deployed: starts and follows executions, waits for deployments, fetches and summarises results.

May import delivery, registry and the rooms below, but not the definitions. Only the command line imports it.
"""
