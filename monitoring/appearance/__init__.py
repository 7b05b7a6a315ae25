"""Describes how photos look by about two hundred numbers each, which are the same for a mirrored photo.

May import the features. The judgement imports it.
"""
