"""Starts the workflow for a photo that was uploaded, once for each version of an object, however often S3 tells.

Imports `lambdas.shared`. Nothing may import it; Lambda calls its handler.
"""
