"""The questions, and the one command that asks them."""
