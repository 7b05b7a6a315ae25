"""By what a server on a shared machine tells who may ask it.

In a container nobody but SageMaker reaches the server. On one machine web pages and other users find its port, too.
"""

KEY_VARIABLE = "MODEL_SERVER_KEY"
KEY_HEADER = "X-Model-Server-Key"
