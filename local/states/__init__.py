"""Step Functions: sets up moto's engine to execute state machines, and checks their definitions.

May import events, IAM, runtime and protocol. Unsupported requests and the server import it.
"""
