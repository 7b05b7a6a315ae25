"""What SageMaker jobs of `steps` and `monitoring` share: how they end, write files, and style pages and figures.

Imports no other package of this project. Only `steps` and `monitoring` may import it, and both job bundles contain it;
and the page about a batch of photos takes its style from `pages`.
"""
