"""Builds the documents that ship: SageMaker pipeline definitions and the workflow's Amazon States Language.

Only assembles, and never calls AWS. Imports the settings. Delivery imports it.
"""
