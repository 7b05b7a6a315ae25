"""What the SageMaker jobs of `steps` and `monitoring` have in common.

How they end, how they write their files, and what their pages and figures look like.

Imports no other package of this project. Only `steps` and `monitoring` import it, and it ships in both job bundles.
"""
