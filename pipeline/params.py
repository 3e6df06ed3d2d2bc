"""params.yaml as typed, closed, frozen models: one section a stage, no default anywhere."""

import datetime
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from pipeline.store import read_yaml

PARAMS_FILE = Path("params.yaml")

PeriodKind = Literal["day", "week", "month", "quarter", "year"]
Share = Annotated[float, Field(ge=0, le=1)]
Day = Annotated[datetime.date, Field(strict=False)]  # a quoted string: DVC takes no YAML date
Positive = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]
CorpusName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Patterns = Annotated[list[str], Field(min_length=1)]


class ParamsError(ValueError):
    """params.yaml holds a key or value that no stage knows; the message names section and key."""


class Section(BaseModel):
    """A closed, frozen section of params.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Corpus(Section):
    """Where a corpus lies and by what period it is counted."""

    path: str
    period_kind: PeriodKind


class PrepareLabels(Section):
    """Which seeds hold labels, and how they are split."""

    corpora: tuple[str, ...] = Field(strict=False, min_length=1)
    folds: Annotated[int, Field(ge=3)]  # calibration needs two besides the one that is left out


class Ingest(Section):
    """How a source's fields are recognised and what is set aside."""

    fields: dict[str, list[str]]
    earliest_date: Day
    latest_date: Day
    largest_document_megabytes: Annotated[float, Field(gt=0)]

    @field_validator("latest_date")
    @classmethod
    def _is_not_before_the_earliest(cls, latest: datetime.date, info: ValidationInfo) -> datetime.date:
        earliest = info.data.get("earliest_date", latest)
        if latest < earliest:
            raise ValueError(f"it is before earliest_date, {earliest}")
        return latest


class PassageTerms(Section):
    """What counts as a mention of either country: regular expressions, case ignored."""

    canada: Patterns
    us: Patterns

    @field_validator("canada", "us")
    @classmethod
    def _compiles(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            if not pattern.strip():
                raise ValueError(f"{pattern!r} is an empty pattern")
            try:
                re.compile(pattern, re.IGNORECASE)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
        # What stands alone may not stand among others: global flags, a group's name given twice.
        try:
            re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
        except re.error as error:
            raise ValueError(
                f"joined by |, the patterns are no regular expression: {error.msg}; "
                "write flags as (?i:...) and name no group twice"
            ) from error
        return patterns


class Clean(Section):
    """What counts as boilerplate, and which passages of long documents stay."""

    languages: tuple[Language, ...] = Field(strict=False, min_length=1)
    recurring_line_share: Share
    recurring_line_articles: Annotated[int, Field(ge=2)]
    recurring_line_words: Positive
    long_document_words: Positive
    passage_context_paragraphs: Annotated[int, Field(ge=0)]
    passage_terms: PassageTerms


class Group(Section):
    """When two articles are copies of one story."""

    shingle_words: Positive
    permutations: Annotated[int, Field(ge=16, multiple_of=2)]
    similarity: Share
    window_days: Annotated[int, Field(ge=0)]
    seed: Seed


class Attribute(Section):
    """How much of the machine the parser may use."""

    processes: Positive
    batch_articles: Positive


class Embed(Section):
    """Which encoder, and how long texts are cut."""

    encoder: str
    max_tokens: Annotated[int, Field(ge=16, le=512)]
    batch_tokens: Annotated[int, Field(ge=512)]


class FitThemes(Section):
    """How the theme model is fitted."""

    fewest_articles: Positive
    inverse_regularisation: Annotated[float, Field(gt=0)]
    vector_weight: Annotated[float, Field(gt=0)]
    word_weight: Annotated[float, Field(gt=0)]
    mention_weight: Annotated[float, Field(gt=0)]


class FitStance(Section):
    """How the stance models are fitted."""

    least_statements: Positive
    detection_penalty: Annotated[float, Field(gt=0)]
    stance_penalty: Annotated[float, Field(gt=0)]
    word_sentences: Positive
    detection_words: Positive


class Classify(Section):
    """From which probability on an article is relevant, and a sentence a statement."""

    relevance: Share
    statement: Share


class FitTopics(Section):
    """How topics are found among the relevant articles."""

    min_cluster_size: Annotated[int, Field(ge=2)]
    n_neighbors: Annotated[int, Field(ge=2)]
    n_components: Annotated[int, Field(ge=2)]
    merge_similarity: Share
    floor_quantile: Share
    term_articles: Positive
    term_share: Share
    stability_seeds: Annotated[int, Field(ge=0)]
    seed: Seed


class Measure(Section):
    """How contrasts are estimated, and the bar for a claim."""

    confidence: Annotated[float, Field(gt=0, lt=1)]
    resamples: Annotated[int, Field(ge=100)]
    seed: Seed
    population: Literal["corpus", "process"]
    claim_articles: Positive
    census_claim_articles: Positive
    census_share: Share
    prediction_powered_articles: Positive


class Detect(Section):
    """Which series are searched for shifts, and how."""

    least_periods: Annotated[int, Field(ge=8)]
    least_segment: Annotated[int, Field(ge=2)]
    most_breaks: Positive
    confidence: Annotated[float, Field(gt=0, lt=1)]
    resamples: Annotated[int, Field(ge=100)]
    seed: Seed

    @field_validator("least_segment")
    @classmethod
    def _fits_twice(cls, segment: int, info: ValidationInfo) -> int:
        periods = info.data.get("least_periods", 2 * segment)
        if 2 * segment > periods:
            raise ValueError(f"two segments do not fit into least_periods, {periods}")
        return segment


class Evaluate(Section):
    """How the intervals of scores are made."""

    confidence: Annotated[float, Field(gt=0, lt=1)]
    resamples: Annotated[int, Field(ge=100)]
    seed: Seed


class Report(Section):
    """How much the report shows."""

    evidence_rows: Positive


class Params(Section):
    """All of params.yaml."""

    corpora: dict[CorpusName, Corpus] = Field(min_length=1)
    prepare_labels: PrepareLabels
    ingest: Ingest
    clean: Clean
    group: Group
    attribute: Attribute
    embed: Embed
    fit_themes: FitThemes
    fit_stance: FitStance
    classify: Classify
    fit_topics: FitTopics
    measure: Measure
    detect: Detect
    evaluate: Evaluate
    report: Report

    @field_validator("corpora")
    @classmethod
    def _leaves_labels_alone(cls, corpora: dict[str, Corpus]) -> dict[str, Corpus]:
        if "labels" in corpora:
            raise ValueError(
                "no corpus may be called labels: data/labels holds the gold; choose another name"
            )
        return corpora

    def corpus(self, name: str) -> Corpus:
        """The corpus of that name.

        Raises:
            ParamsError: there is none; the message lists those there are.
        """
        if name not in self.corpora:
            raise ParamsError(f"no corpus {name!r} in params.yaml; there are {', '.join(self.corpora)}")
        return self.corpora[name]


def read_params(path: Path = PARAMS_FILE) -> Params:
    """Read and check params.yaml.

    Raises:
        ParamsError: a key is unknown, missing or of the wrong type; the message names every such
            key and the ones that are valid there.
    """
    value = read_yaml(path)
    try:
        return Params.model_validate(value)
    except ValidationError as error:
        problems = "; ".join(_problem(item) for item in error.errors())
        raise ParamsError(f"{path}: {problems}") from error


def _problem(item: Any) -> str:
    """One validation error as a reader's sentence."""
    location = ".".join(str(part) for part in item["loc"] if part != "[key]")
    if item["type"] == "extra_forbidden":
        return f"unknown key {location}; valid keys there: {', '.join(_valid_keys(item['loc'][:-1]))}"
    if item["type"] == "missing":
        return f"missing key {location}"
    message = item["msg"].removeprefix("Value error, ")
    return f"{location}: {message[0].lower()}{message[1:]} (found {item['input']!r})"


def _valid_keys(location: tuple[str | int, ...]) -> list[str]:
    """The keys of the section at a location."""
    model: type[BaseModel] = Params
    for part in location:
        field = model.model_fields.get(str(part))
        if field is None:
            return list(Corpus.model_fields)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            model = field.annotation
    return list(model.model_fields)
