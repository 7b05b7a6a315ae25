"""Rejects requests that would be accepted but have no effect here. The error names the member.

May import events, Step Functions and the rooms below. SageMaker pipelines and the server import it.
"""
