"""`python -m experiments` is the `safeguarding` command."""

from experiments.cli import main

main()
