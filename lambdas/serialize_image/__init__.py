"""Photo in S3 → a small PNG that fits in the state of Step Functions."""
