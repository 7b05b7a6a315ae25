"""What every executing service stands on: shared context, child processes, logs and S3.

Imports the protocol. Every service above it imports it.
"""
