"""EventBridge: the event bus, schedules, and delivery to targets with retries and dead letters.

May import IAM, runtime and protocol. Lambda, SageMaker, unsupported requests and the server import it.
"""
