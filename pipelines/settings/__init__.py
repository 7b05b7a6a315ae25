"""Settings: reads configs/*.yaml once into frozen, typed objects, and derives all resource names from them.

Imports only the package's errors. Every other room may import it.
"""
