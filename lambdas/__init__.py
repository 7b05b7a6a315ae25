"""The Lambda functions, a folder for each, and `shared` with the modules that all of them use.

A function may import `shared` and `photos`, but no other function; only `classify_batch`, which does
the work of the workflow's three for many photos, imports those. No other package may import this one.
"""
