"""SageMaker hosting: endpoints, their model servers, invocation and data capture.

May import the registry and the resources of `local.sagemaker`, events, runtime and protocol. SageMaker's API and the
server import it; neither jobs nor pipelines may.
"""
