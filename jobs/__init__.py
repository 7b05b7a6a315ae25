"""What the SageMaker jobs of `steps` and `monitoring` have in common: how they end and how they write their files.

Imports no other package of this project. Only `steps` and `monitoring` import it, and it ships in both job bundles.
"""
