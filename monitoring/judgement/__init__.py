"""Judges a window of captured photos: whether the model can be trusted in it, and what speaks against it.

May import all rooms but the report, which shows what it says.
"""
