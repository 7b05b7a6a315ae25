"""What runs inside SageMaker's jobs and in the model's container.

The entry points are `prepare`, `train`, `evaluate` and `inference`. May import `jobs` and `photos` of the other
packages. Only `pipelines` imports it.
"""
