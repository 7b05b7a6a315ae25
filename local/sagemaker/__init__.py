"""SageMaker: the API's records, the model registry, and below it jobs, pipelines and hosting.

Imports Lambda's functions, events, IAM, runtime and protocol. Only the server imports it.
"""
