"""S3: adds to moto's that new objects become events on the bus, and that life cycles are carried out.

May import events, Step Functions' mending, IAM, memory, runtime and protocol. The server imports it.
"""
