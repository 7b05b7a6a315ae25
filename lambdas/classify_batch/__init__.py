"""The batch workflow's one function: reads the photos of a batch, asks the endpoint about all of them, decides each.

It does the work of the workflow's three functions, and imports them and `lambdas.shared`. Nothing may import it; Lambda
calls its handler.
"""
