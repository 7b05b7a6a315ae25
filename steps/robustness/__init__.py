"""Changes that cameras and weather make to photos, by which models are calibrated and measured.

May import only the arrays of `steps`. Training and evaluation import it.
"""
