"""The trainer's replay: who knew what, and when, as one page to open offline."""
