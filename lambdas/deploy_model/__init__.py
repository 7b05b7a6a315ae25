"""Deploys the model package that was approved, or replaces one that was rejected while in service.

Imports `lambdas.shared`. Nothing may import it; Lambda calls its handler.
"""
