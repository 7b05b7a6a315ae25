"""Image features, as the model sees the photo: brightness, contrast, saturation, sharpness.

Imports no other room; all others may import it. Captured photos and training images have these same features.
"""
