"""Every mark stands out from the paper by 3 to 1, every text by 4.5 to 1, in both themes and on every cell of a map."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from results.colours import INK, LOST, MARKERS, PAPER, POLICIES, QUIET, THEME, USUAL_LOOK, contrast, ink_on, looks
from results.plots.heat import BLUES


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_and_texts_stand_out_from_the_paper(theme):
    paper = getattr(PAPER, theme)
    assert all(contrast(getattr(colour, theme), paper) >= 3 for colour in (*POLICIES, LOST))
    assert all(contrast(getattr(colour, theme), paper) >= 4.5 for colour in (INK, QUIET, *POLICIES))


def test_every_number_of_a_map_stands_out_from_its_cell():
    cells = [to_hex(BLUES(share)) for share in np.linspace(0, 1, 201)]
    assert min(contrast(ink_on(cell), cell) for cell in cells) >= 4.5


def test_no_theme_changes_a_cell_or_its_number():
    themed = {colour.light for colour in THEME}
    cells = {to_hex(BLUES(share)) for share in np.linspace(0, 1, 256)}
    assert not themed & {*cells, *(ink_on(cell) for cell in cells)}


def test_every_policy_looks_like_no_other():
    arms = [f"P{number:02d}" for number in range(len(POLICIES) * len(MARKERS))]
    found = looks(["usual", *arms], "usual")
    assert found["usual"] == USUAL_LOOK
    assert len(set(found.values())) == len(arms) + 1


def test_a_look_hangs_on_the_place_in_the_order_alone():
    assert looks(["A", "B", "C"], "usual")["B"] == looks(["usual", "X", "B"], "usual")["B"]
