"""Renders the page on which a person approves or rejects a model.

May import the evaluation and the rooms below. Only the entry point `evaluate` imports it.
"""
