"""Profiles: what is kept of an hour's captures, so that they are read once. They can be merged in any order.

May import summaries, captures and features. Statistics, drift, the judgement, the report and `analyze` import it.
"""
