"""Review: people look at the photos that the workflow could not decide, and their answers become ground truth.

May import `waiting`, the settings and the AWS session, and `photos`. Only the command line imports it.
"""
