"""SageMaker training and processing jobs: hosts, isolation, channels, outputs and checkpoints.

May import the resources of `local.sagemaker`, events, runtime and protocol. SageMaker pipelines and SageMaker's API
import it; the server checks its isolation setting. Hosting may not import it.
"""
