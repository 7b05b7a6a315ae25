"""Reads photos: the bytes of a file become upright RGB pixels, the same ones wherever a photo is read.

Depends on Pillow alone, so that a Lambda layer can carry it. Imports no other package of this project; `steps`,
`lambdas` and `monitoring` import it, and it ships with each of them.
"""
