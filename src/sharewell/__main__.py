"""Run the command line with ``python -m sharewell``."""

from sharewell.cli import main

main()
