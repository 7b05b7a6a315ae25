"""Deploys an environment, releases its pipelines and workflow, and deletes it.

Imports definitions, packages and the rooms below them. Operations and the command line import it.
"""
