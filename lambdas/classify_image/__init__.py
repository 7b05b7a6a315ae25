"""Second step of the workflow: asks the endpoint for the probabilities of a photo.

Imports `lambdas.shared`. Nothing may import it; Lambda calls its handler.
"""
