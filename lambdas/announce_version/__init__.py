"""Tells approvers that a version waits for them, with what they need to decide.

Imports `lambdas.shared`. Nothing may import it; Lambda calls its handler.
"""
