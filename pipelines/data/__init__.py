"""Data to work on: a generated archive in the official format, and photos out of an archive."""
