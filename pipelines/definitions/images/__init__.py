"""The container images of jobs and endpoint, as definitions name them: this project's own, or AWS's.

What builds an image or asks which has been built is in `pipelines.operations` and `pipelines.delivery`.
"""
