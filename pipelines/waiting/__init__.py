"""Follows what AWS does until it ends: executions, deployments and data capture.

May import the data, the settings and what is below them. Operations and the command line import it.
"""
