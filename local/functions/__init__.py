"""Lambda: configuration, warm workers, invocation, and destinations of asynchronous results.

May import events and the rooms below. SageMaker's API, SageMaker pipelines and the server import it.
"""
