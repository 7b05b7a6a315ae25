"""What photos look like, as some two hundred numbers a photo that do not change when a picture is mirrored.

May import the features. The judgement imports it.
"""
