"""CloudWatch: keeps metrics, those of endpoints too, computes the states of alarms, and tells when one changes.

May import events, Step Functions' mending, memory, runtime and protocol. SageMaker and the server import it.
"""
