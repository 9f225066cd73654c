"""Which chunks are to be run, in which order, and where to stop: read from what is there, whoever finished it when."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from experiments.design import POINT, Chunk, Experiment
from results.stopping import BLOCK, LEAST, enough
from results.store import Store
from scenarios.policy import USUAL


class Agenda:
    """An experiment's chunks. Runs at the point come first; where they go on until enough is known, a block is looked
    at when it and all before it are there, so that where they stop depends on the runs alone."""

    def __init__(self, experiment: Experiment, store: Store) -> None:
        self._experiment, self._store = experiment, store
        self._point, self._drawn = [*experiment.at_the_point()], [*experiment.drawn()]
        self._there = {chunk.name for chunk in (*self._point, *self._drawn) if store.has(chunk.name)}
        self.stop = experiment.replications
        """How many replications at the point are enough, as far as is known yet."""
        self._looked, self._seen = 0, list[pd.DataFrame]()
        self._look()
        wanted = [chunk for chunk in (*self._point, *self._drawn) if self._wanted(chunk)]
        self._total = sum(map(experiment.size, wanted))
        self._done = sum(experiment.size(chunk) for chunk in wanted if chunk.name in self._there)

    @property
    def progress(self) -> tuple[int, int]:
        """Runs done, and runs in all as far as is known yet."""
        return self._done, self._total

    def waiting(self) -> Iterator[Chunk]:
        """What is not there yet, in order. Chunks may be asked for ahead of the look at those before them."""
        for chunk in (*self._point, *self._drawn):
            if self._wanted(chunk) and chunk.name not in self._there:
                yield chunk

    def tick(self, chunk: Chunk) -> None:
        """This chunk is there now."""
        self._there.add(chunk.name)
        if not self._wanted(chunk):
            return
        self._done += self._experiment.size(chunk)
        before = self.stop
        if chunk.draw == POINT and self._look():
            beyond = [chunk for chunk in self._point if self.stop <= chunk.first < before]
            self._total -= sum(map(self._experiment.size, beyond))
            self._done -= sum(self._experiment.size(chunk) for chunk in beyond if chunk.name in self._there)

    def trim(self) -> None:
        """Take away what was run ahead of the look that said it was not needed."""
        for chunk in self._point:
            if not self._wanted(chunk):
                self._store.drop(chunk.name)

    def _wanted(self, chunk: Chunk) -> bool:
        return chunk.draw != POINT or chunk.first < self.stop

    def _look(self) -> bool:
        """Look at every block that is there and was not looked at. Whether that settled where to stop."""
        until = self._experiment.until
        while until and (end := self._looked + BLOCK if self._looked else LEAST) < self.stop:
            block = [chunk.name for chunk in self._point if self._looked <= chunk.first < end]
            if not self._there.issuperset(block):
                return False
            self._seen.append(self._store.read("runs", block))
            self._looked = end
            if enough(self._differences(until.measure), until.half_width):
                self.stop = end
                return True
        return False

    def _differences(self, measure: str) -> dict[str, pd.Series[float]]:
        runs = pd.concat(self._seen).astype({"arm": str}).pivot(index="replication", columns="arm", values=measure)
        runs = runs.reindex(columns=[arm.name for arm in self._experiment.arms])
        return {str(arm): runs[arm] - runs[USUAL] for arm in runs if arm != USUAL}
