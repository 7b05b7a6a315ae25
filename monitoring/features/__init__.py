"""Features of images: brightness, contrast, saturation and sharpness, of training images and captured photos alike.

Imports no other room, but `photos` and `jobs`. All other rooms, and `suggest_baseline`, may import it.
"""
