"""AWS's HTTP protocols: maps requests to operations, checks them, and formats answers and errors.

Imports no other room. All other rooms may import it.
"""
