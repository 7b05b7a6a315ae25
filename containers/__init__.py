"""What the container images consist of: the Dockerfile, the locked packages, and what runs in the images.

Imports nothing else of this project. The local AWS starts the same server and the same training module.
"""
