"""Compares captured photos with the baseline of the training images and reports constraint violations.

Imports the statistics. The report and the entry points import it.
"""
