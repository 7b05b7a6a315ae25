"""Brings an environment into being and keeps it up to date: stacks, packages, definitions; and removes it.

Imports definitions and packages. Operations and the command line import it.
"""
