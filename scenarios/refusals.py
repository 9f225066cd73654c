"""What ends a command and is no fault of the code: each says in its message what to do."""

from __future__ import annotations


class ForeignDirectory(Exception):
    """The directory is refused: it is something else, or not ours to write. Nothing in it was touched."""


class AnotherModel(Exception):
    """A worker has another version of the model, of practice or of the case than whoever sent it the work."""


class Interrupted(Exception):
    """The runs stopped before their end, by no fault of theirs. What was finished is kept, and can be gone on with."""
