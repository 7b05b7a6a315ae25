"""SageMaker pipelines: parses definitions and executes their steps, with caching and retries.

Imports jobs and the model registry. The SageMaker API imports it.
"""
