"""SageMaker pipelines: parses definitions and executes their steps, with caching and retries.

May import jobs, the registry and the resources of `local.sagemaker`, and all rooms below SageMaker. Only SageMaker's
API imports it.
"""
