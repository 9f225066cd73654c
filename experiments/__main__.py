"""`python -m experiments` is the `safeguarding` command."""

from experiments.cli.app import main

main()
