"""S3: adds to moto's what this project needs, which is that new objects become events on the bus.

May import events, Step Functions' mending, IAM, runtime and protocol. The server imports it.
"""
