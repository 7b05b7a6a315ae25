"""Application Auto Scaling for variants of SageMaker endpoints: how many instances they have follows their invocations.

May import metrics, IAM, runtime and protocol. The server imports it, and gives it the endpoints. Targets of other
services are moto's, which keeps them.
"""
