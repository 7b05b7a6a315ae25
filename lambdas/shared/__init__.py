"""What all Lambda functions share: the AWS clients, the reading of events, and the typed errors.

The package of every function contains this folder, so it must not import any function.
"""
