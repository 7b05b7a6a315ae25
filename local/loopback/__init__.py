"""Keeps the local AWS and its clients on this machine: ports, variables of the shell, and the address of STS.

May import protocol only. The command line of `pipelines` and all rooms above may import it.
"""
