"""Brings the endpoint in line with the model registry: it serves the approved version that has the highest number.

Imports `lambdas.shared`. Nothing may import it; Lambda calls its handler.
"""
