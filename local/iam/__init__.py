"""IAM: policies, conditions and roles, and with --enforce-iam the authorization of requests.

May import runtime and protocol. Events, Step Functions, SageMaker and the server import it.
"""
