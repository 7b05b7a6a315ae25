"""First step of the workflow: turns a photo in S3 into a small PNG, which fits into the state of Step Functions."""
