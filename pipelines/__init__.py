"""Builds, releases and runs: settings, pipeline and workflow builders, registry, command line."""
