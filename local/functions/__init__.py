"""Lambda: configuration, warm workers, invocation, and destinations of asynchronous results.

Imports events, IAM, runtime and protocol. SageMaker pipelines and the server import it.
"""
