"""What runs inside SageMaker jobs and in the model's container."""
