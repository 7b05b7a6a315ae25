"""The Lambda functions, a folder for each, and `shared` with the modules that all of them use.

A function may import `shared` and `photos`, but no other function. No other package may import this one.
"""
