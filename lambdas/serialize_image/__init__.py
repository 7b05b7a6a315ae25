"""First step of the workflow: turns a photo in S3 into a PNG small enough for the state of Step Functions.

Imports `lambdas.shared` and `photos`. Nothing may import it; Lambda calls its handler.
"""
