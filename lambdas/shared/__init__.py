"""What all Lambda functions share: the AWS clients, the reading of events, the typed errors, and the logs.

The package of every function contains this folder, so it must not import any function.
"""
