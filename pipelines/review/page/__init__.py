"""The review as a page in the browser, served on the loopback interface to whoever has its address.

May import the session and what it stands on. The command line imports it.
"""
