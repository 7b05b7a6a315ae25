"""The function `select-captures`: says which captures and profiles a window needs, so that nothing else is downloaded.

The first step of the monitoring pipeline calls it. Nothing else may import it.
"""
