"""Runs the batch workflow on the photos of a source: starts or goes on with a run, follows it, and sums it up.

May import the other rooms that `pipelines.operations` may, and the columns of the rows from `lambdas.classify_batch`.
"""
