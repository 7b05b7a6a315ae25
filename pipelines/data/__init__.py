"""Draws an archive of images in CIFAR-100's format, and exports test photos from an archive.

May import the settings, and `steps` for the archive's format. Operations and the command line import it.
"""
