"""Sends photos through the workflow or the endpoint at a rate, changed as monitoring should notice.

May import settings, connections, data and what waits for executions. Operations and the command line import it.
"""
