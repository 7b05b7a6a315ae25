"""The door of the local AWS: which requests are let in, whoever sends them.

May import `iam`, `runtime` and `protocol`. The server asks it before anything else reads a request.
"""
