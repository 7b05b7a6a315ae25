"""The local AWS: one HTTP endpoint that speaks the AWS APIs and really executes. Start it with `python -m local`.

Imports no other package of this project. Of the others, only `pipelines.cli` may import it, to start it.
"""
