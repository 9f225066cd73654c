"""Numbers to figures. Each asks a question, says what was found, and names what its bands cover."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.tables import Contrast

STYLE = Path(__file__).parent / "house.mplstyle"
CHANCE, NOT_KNOWING = "#0b4f8a", "#9db8d2"


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """SVG and PNG, the same bytes for the same numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    with plt.style.context(STYLE):
        figure.savefig(paths[0], metadata={"Date": None, "Creator": None}, bbox_inches="tight", pad_inches=0.15)
        figure.savefig(paths[1], metadata={"Software": None}, bbox_inches="tight", pad_inches=0.15)
    plt.close(figure)
    return paths


def forest(found: list[Contrast], level: float, case_title: str, runs: int, draws: int) -> Figure:
    """Which policy gets more through? Paired differences with both bands, hours beside them."""
    with plt.style.context(STYLE):
        figure, axes = plt.subplots(figsize=(11.5, 2.2 + 0.44 * len(found)))
        rows = list(range(len(found)))[::-1]
        for row, contrast in zip(rows, found, strict=True):
            _bands(axes, row, contrast)
        axes.axvline(0, color="#555555", linewidth=1)
        axes.set_yticks(rows, [_label(contrast) for contrast in found])
        axes.set_ylim(-0.7, len(found) - 0.3)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("more critical items read by the decision-maker in time, per 100 (practice as usual: 0)")
        _columns(axes, rows, found)
        figure.suptitle(f"{case_title}: which policy gets more through?\n", x=0.01, ha="left", fontweight="bold")
        said = f"Practice as usual: {level:.0f} of every 100. {_said(found)}"
        figure.text(0.01, 1 - 0.48 / figure.get_figheight(), said, ha="left", fontsize=11)
        figure.supxlabel(
            f"Dark: chance, simultaneous 95 % interval over {runs} paired runs. "
            f"{_pale(draws)}\n"
            "“clear” only where both bands leave zero on one side. Simulated; services' own figures will differ.",
            fontsize=9,
            x=0.01,
            ha="left",
        )
    return figure


def _bands(axes: Axes, row: int, contrast: Contrast) -> None:
    if contrast.not_knowing.n:
        low, high = contrast.not_knowing.low, contrast.not_knowing.high
        axes.plot([low, high], [row, row], color=NOT_KNOWING, linewidth=9, solid_capstyle="butt", zorder=1)
    axes.plot(
        [contrast.chance.low, contrast.chance.high],
        [row, row],
        color=CHANCE,
        linewidth=3,
        solid_capstyle="butt",
        zorder=2,
    )
    face = CHANCE if contrast.finding != "no clear difference" else "white"
    axes.plot(contrast.chance.centre, row, "o", markersize=8, markerfacecolor=face, markeredgecolor=CHANCE, zorder=3)


def _label(contrast: Contrast) -> str:
    return contrast.title if contrast.title == contrast.arm else f"{contrast.title}  ({contrast.arm})"


def _columns(axes: Axes, rows: list[int], found: list[Contrast]) -> None:
    """Values printed beside the bands, so that nobody reads them off an axis."""
    across = axes.get_yaxis_transform()
    for x, heading, side in ((1.10, "more", "right"), (1.25, "hours", "right"), (1.29, "finding", "left")):
        axes.text(x, len(found) - 0.45, heading, transform=across, ha=side, fontsize=9, color="#444444")
    for row, contrast in zip(rows, found, strict=True):
        axes.text(1.10, row, _signed(contrast.chance.centre), transform=across, ha="right", va="center")
        axes.text(1.25, row, _signed(contrast.hours.centre), transform=across, ha="right", va="center")
        word = {"more": "clear: more", "fewer": "clear: fewer"}.get(contrast.finding, "not clear")
        axes.text(1.29, row, word, transform=across, va="center")


def _pale(draws: int) -> str:
    if not draws:
        return "Not knowing (the range over draws of practice's unmeasured habits) was not run."
    return f"Pale: not knowing, the range over {draws} draws of practice's unmeasured habits."


def _signed(number: float) -> str:
    """One decimal, a sign, and no sign for nothing."""
    return f"{number:+.1f}".replace("-", "−") if abs(number) >= 0.05 else "0.0"


def _said(found: list[Contrast]) -> str:
    clear = [contrast for contrast in found if contrast.finding == "more"]
    if not clear:
        return "No policy here shows a clear difference."
    return f"{len(clear)} of {len(found)} policies clearly get more through."
