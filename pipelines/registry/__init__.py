"""Reads model versions from the SageMaker model registry, prints them, and records an approver's decision.

Imports the settings and the AWS session. Operations and the command line import it.
"""
