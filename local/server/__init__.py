"""Starts and stops the local AWS, as a process or embedded in another program, and routes its HTTP requests.

Imports every other room of `local`. Only the command line imports it.
"""
