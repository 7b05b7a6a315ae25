"""Modules that programs of AWS load into jobs."""
