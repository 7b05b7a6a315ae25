"""Renders the page on which a person approves or rejects a model.

Imports the evaluation. Only the entry point `steps/evaluate.py` imports it.
"""
