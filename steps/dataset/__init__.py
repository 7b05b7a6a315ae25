"""Reads the raw CIFAR-100 archive, and reads and writes the prepared data set.

May import the arrays and errors of `steps`, and `jobs`. Training, the decision page, the entry points and `pipelines`
import it.
"""
