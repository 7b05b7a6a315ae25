"""Serves a model over HTTP as SageMaker's contract for hosting containers wants it. The local AWS starts it, too."""
