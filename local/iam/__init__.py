"""IAM: policies, conditions and roles, and the authorization of every request with --enforce-iam.

Imports the protocol. Every service above it imports it.
"""
