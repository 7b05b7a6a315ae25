"""Measures a model on the test images and compares it with the model in production.

May import the classifier and the rooms below. The decision page, `evaluate`, `train` and `pipelines.registry`
import it.
"""
