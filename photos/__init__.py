"""Reads photos: the bytes of a file become upright RGB pixels, the same ones wherever a photo is read.

It reads the bodies of requests with photos as well, so that monitoring understands what the endpoint accepted.

Depends only on Pillow, so that a Lambda layer can contain it. Imports no other package of this project. `steps`,
`lambdas` and `monitoring` may import it, and each of them ships with it.
"""
