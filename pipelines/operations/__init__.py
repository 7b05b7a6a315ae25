"""Runs what is deployed: starts and follows executions, invokes, collects results, sums them up.

Imports delivery and registry. Only the command line imports it.
"""
