"""`python -m pipelines.cli` is the `scones` command."""

from pipelines.cli import main

main()
