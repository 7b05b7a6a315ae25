"""What all Lambda functions share: AWS clients, event fields, typed errors.

Every function's package carries it; it imports no function.
"""
