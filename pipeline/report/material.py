"""All that a report is made from, in one bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.params import Params
from pipeline.report.findings import Finding, find, nothing_found
from pipeline.report.provenance import InputFiles
from pipeline.report.wording import corpus_title, count


@dataclass(frozen=True)
class Material:
    """Tables and surroundings of one corpus.

    `tables` holds data frames by the names of their contracts, labels of this corpus only; `targets`
    is targets.yaml by target; `about` is the text of about.md, empty where there is none; `agreement`
    is empty where no second coder coded the gold, `coded_by` where nobody said who did; `scores` has value, low, high and n of each score
    beside gold, by name, and is empty where nothing is labelled; `themes` has the rows of themes.csv;
    `turning_points` those of turning_points.csv; `cards` has what the report tells of the cards of the
    models themes, stance and topics.
    """

    corpus: str
    about: str
    tables: Mapping[str, pd.DataFrame]
    targets: Mapping[str, Mapping[str, Any]]
    themes: Sequence[Mapping[str, str]]
    cards: Mapping[str, Mapping[str, Any]]
    agreement: Mapping[str, float]
    coded_by: str
    scores: Mapping[str, Mapping[str, float | None]]
    turning_points: Sequence[Mapping[str, str]]
    params: Params
    inputs: InputFiles

    @property
    def title(self) -> str:
        """The corpus's name as a heading."""
        return corpus_title(self.corpus)

    @property
    def path(self) -> str:
        """Where the corpus lies."""
        return self.params.corpus(self.corpus).path

    @property
    def what_it_is(self) -> str:
        """What the corpus is and is not, in its own words or by its size and path."""
        documents = len(self.tables["articles"]) + len(self.tables["quarantine"])
        return self.about or f"{count(documents, 'document').capitalize()} from {self.path}."

    def findings(self) -> list[Finding]:
        """Every contrast in words."""
        labels = {name: target["label"] for name, target in self.targets.items()}
        return find(self.tables["contrasts"], labels, self.params.measure)

    def nothing_found(self) -> str:
        """Why no change can be told; empty where one is."""
        articles, labelled = (len(self.tables[name]) for name in ("coverage", "labelled_articles"))
        return nothing_found(self.findings(), articles, labelled)
