"""Downloads the raw archive from its publisher or a mirror: resumed where it broke off, and checked.

May import only settings and errors. The command line uses `download`.
"""
