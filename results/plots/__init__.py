"""Numbers to figures. Each asks a question, says what was found, and names what its bands cover."""
