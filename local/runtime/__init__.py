"""What all services that execute something need: shared state, child processes, logs, and files in S3.

May import protocol and loopback. All rooms above may import it.
"""
