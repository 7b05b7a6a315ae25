"""Measures a model on the test images and compares it with the model in production.

Imports the classifier and the data set. The decision page and the entry points import it.
"""
