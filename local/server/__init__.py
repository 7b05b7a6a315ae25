"""Starts and stops the local AWS, as a process or embedded in another program, and routes HTTP requests.

May import every other room of `local`. `python -m local` and `pipelines.cli` import it.
"""
