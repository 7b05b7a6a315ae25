"""Suggests and reads the baseline of the training images, compares captured photos with it, and lists violations.

Imports features and statistics. The report and the entry points import it.
"""
