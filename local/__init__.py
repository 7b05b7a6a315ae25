"""The local AWS: one loopback HTTP endpoint that speaks the AWS APIs and really executes. Start with `python -m local`."""
