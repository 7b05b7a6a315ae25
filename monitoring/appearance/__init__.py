"""Describes how photos look by about 160 numbers each, which are the same for a mirrored photo.

May import the features. The judgement imports it.
"""
