"""Reads and prints model versions of the SageMaker model registry, and records an approver's decision.

May import the settings, the AWS session, and the wording of figures in `steps`. Operations and the command line
import it.
"""
