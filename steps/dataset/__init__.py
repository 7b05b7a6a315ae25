"""Reads the raw CIFAR-100 archive, and reads and writes the prepared data set.

Imports nothing but the package's arrays, errors and files. Entry points, training and evaluation import it.
"""
