"""SageMaker training and processing jobs: hosts, containers, channels, outputs and checkpoints.

Imports the runtime and events. Pipelines start jobs through it.
"""
