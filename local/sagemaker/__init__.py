"""SageMaker: the API's table of operations, the generic store of resources, and the model registry.

Its rooms are `jobs`, `pipelines` and `hosting`. May import all rooms but the server, which alone imports its API.
"""
