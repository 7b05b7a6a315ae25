"""The local AWS: one HTTP endpoint that speaks the AWS APIs and really executes. Start with `python -m local`."""
