"""What all Lambda functions share: AWS clients, reading events, errors, logs, and what is deployed and in production.

The package of every function contains this folder, so it must not import any function. `pipelines` uses what it says
of versions and deployments: `defects`, `deployments` and `production`.
"""
