"""What the local AWS remembers: writes what all services hold to the data folder, and reads it at the next start.

May import runtime and protocol. The server imports it.
"""
