"""CloudFormation: makes resources of templates that moto's does not make.

May import Step Functions' mending and the rooms below. The server imports it.
"""
