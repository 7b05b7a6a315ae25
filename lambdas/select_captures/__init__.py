"""The function `select-captures`: says what a window of monitoring needs, so that nothing else is downloaded.

The first step of the monitoring pipeline calls it. Nothing else may import it.
"""
