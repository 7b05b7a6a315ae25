"""Reads from the history of an execution what happened in each state, and says it in words.

May import nothing else of `pipelines`. Pictures, operations and the command line import it.
"""
