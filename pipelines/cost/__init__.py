"""Estimates what an environment costs on AWS, from its settings and from list prices of a certain day.

May import settings. Only the command line imports it.
"""
