"""Mergeable summaries of many records: counts, histograms, samples and a timeline, from which profiles are made.

Merged in any order they give the same bytes. They know nothing of captures or files.
"""
