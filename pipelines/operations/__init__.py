"""Runs what is deployed: starts and follows executions, waits for deployments, fetches results, summarizes them.

Imports delivery, registry and the rooms below them; only delivery builds definitions. The command line imports it.
"""
