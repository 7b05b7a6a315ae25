"""The status page: what the local AWS runs and holds, in a browser, so that nobody needs the AWS console.

It looks through the public API, as any client would. May import `runtime` and `protocol`; the server imports it.
"""
