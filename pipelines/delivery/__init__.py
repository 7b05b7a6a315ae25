"""Deploys an environment, releases its pipelines and workflow, and deletes it.

May import definitions, packages and the rooms below. Operations and the command line import it.
"""
