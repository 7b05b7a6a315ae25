"""Looks at one execution of a state machine afterwards: its history, its map runs, and what its functions logged.

Commands that show an execution use it.
"""
