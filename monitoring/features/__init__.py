"""Image features, as the model sees the photo: brightness, contrast, saturation, sharpness.

Imports no other room. Captures and the baseline are described with these same features.
"""
