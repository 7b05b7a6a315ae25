"""Brings the endpoint in line with the model registry: it serves the approved version that has the highest number.

Imports `lambdas.shared`. Lambda calls its handler. Nothing imports it, except that
`pipelines.registry` uses `defects`.
"""
