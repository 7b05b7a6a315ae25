"""Approved model package → the endpoint that serves it."""
