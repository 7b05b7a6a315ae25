"""EventBridge: the event bus, schedules, and delivery to targets with retries and dead letters.

Imports IAM, runtime and protocol. Services that send events import it.
"""
