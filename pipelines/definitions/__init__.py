"""Assembles the documents that ship: SageMaker pipeline definitions, and the workflow in Amazon States Language.

Never calls AWS. May import the settings and the AWS session. Delivery imports it, and the command line uses it to
silence the SageMaker SDK.
"""
