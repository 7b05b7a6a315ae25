"""Framework modules for AWS's training toolkit, one for each framework.

The training toolkit imports them inside a job; nothing else does.
"""
