"""Builds, deploys and operates everything: settings, definitions, delivery, registry and the command line.

May import `steps` and `monitoring`; only its command line may import `local`. No other package may import it.
"""
