"""The `safeguarding` command, a file for each verb."""
