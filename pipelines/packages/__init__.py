"""Packages the code that ships as content-addressed archives, and moves files to and from the bucket.

May import the settings and the AWS session. Delivery, operations and the command line import it.
"""
