"""Brings the endpoint in line with the model registry: it serves the approved version that has the highest number.

A version that SageMaker takes back is marked and left alone.

Imports `lambdas.shared`. Lambda calls its handler. Nothing imports it, except that `pipelines` uses `capacity`
and `hours`.
"""
