"""Third step of the workflow: decides whether the model is confident enough.

Imports `lambdas.shared`. Nothing may import it; Lambda calls its handler.
"""
