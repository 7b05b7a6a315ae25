"""Step Functions: sets up moto's engine to execute state machines, and checks their definitions.

Imports IAM and protocol. Unsupported requests and the server import it.
"""
