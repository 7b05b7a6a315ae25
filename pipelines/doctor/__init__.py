"""Looks over an environment, and says of each thing that it is as it should be, or what to do.

May import delivery, registry and the rooms below. Only the command line imports it. Changes nothing.
"""
