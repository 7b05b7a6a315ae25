"""Speaks AWS's HTTP protocols: maps requests to operations, checks them, and answers with AWS's errors.

Imports no other room. Every other room may import it.
"""
