"""Reads and decides on model versions in the SageMaker model registry.

Imports the settings. Operations and the command line import it.
"""
