"""What the tests of experiments share."""

import pytest

from experiments import compare


@pytest.fixture
def undrawn(monkeypatch):
    """Comparisons without their figures, which take longer than a few runs. One test of `test_cli.py` sees them drawn,
    and one of `test_runner.py` that they too are the same."""
    monkeypatch.setattr(compare, "draw_figures", lambda comparison: None)
