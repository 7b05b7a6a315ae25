"""Monitoring: turns data capture into statistics, drift checks and a report, and suggests the drift baseline.

The entry points of its jobs are `analyze` and `suggest_baseline`. May import `jobs` and `photos` of the other packages.
Only `pipelines.cli` imports it.
"""
