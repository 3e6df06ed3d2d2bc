"""Sentences made to mislead, coded by the rules of CODEBOOK.md before any model had answered them: a score, no pass-all."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
import typer

from pipeline.methods.encoders import make_encoder
from pipeline.methods.stances import StanceModel
from pipeline.methods.statements import STANCES, find_sentences
from pipeline.params import read_params
from pipeline.store import read_model, read_yaml
from tests.imports import ROOT

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "adversarial_statements.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
LEAST_DETECTION_F1 = 0.70
LEAST_STANCE_ACCURACY = 0.66


def test_the_set_is_coded_in_the_words_of_the_codebook():
    targets = {row["target"] for row in read_yaml(ROOT / "seeds/targets.yaml")}
    assert len(ROWS) == 60
    assert min(Counter(row["kind"] for row in ROWS).values()) >= 4
    for row in ROWS:
        assert all(target in targets and stance in STANCES for target, stance in row["expected"]), row["text"]


def judged(model):
    """(p_target, p_stance) of the sentences, each an article of its own with the sentence before it, if any."""
    params = read_params(ROOT / "params.yaml").embed
    encoder = make_encoder(params.encoder, params.max_tokens, params.batch_tokens)
    texts, keys, wholes = {}, [], {}
    for number, row in enumerate(ROWS):
        own = [row["context"], row["text"]] if "context" in row else [row["text"]]
        texts |= {f"{number}-{position:04d}": text for position, text in enumerate(own)}
        keys.append(f"{number}-{len(own) - 1:04d}")
        wholes[str(number)] = " ".join(own)
    vectors, articles = encoder.encode(list(texts.values())), encoder.encode(list(wholes.values()))
    read = [texts[key] for key in keys]
    return model.judge(find_sentences(keys, read, (list(texts), vectors), (list(wholes), articles)))


def scores(model, judgement, threshold):
    """By kind and in all: true positives, false positives, false negatives, right stances, expected targets."""
    names = [target.name for target in model.targets]
    counts = defaultdict(lambda: np.zeros(5, dtype=int))
    for row, p_target, p_stance in zip(ROWS, *judgement, strict=True):
        wanted = defaultdict(set)
        for target, stance in row["expected"]:
            wanted[target].add(stance)
        found = {name for name, p in zip(names, p_target, strict=True) if p >= threshold}
        right = sum(STANCES[p_stance[names.index(name)].argmax()] in wanted[name] for name in wanted)
        matched = found & set(wanted)
        row_counts = (len(matched), len(found - matched), len(set(wanted) - matched), right, len(wanted))
        for kind in (row["kind"], "all"):
            counts[kind] += row_counts
    return counts


@pytest.mark.slow
def test_the_score_stays(default_run):
    model = StanceModel.from_arrays(*read_model(default_run / "models/stance", "whole"))
    threshold = read_params(default_run / "params.yaml").classify.statement
    counts = scores(model, judged(model), threshold)
    for kind, (hit, stray, missed, right, wanted) in counts.items():
        typer.echo(f"{kind:16} found {hit}, stray {stray}, missed {missed}; stance right {right} of {wanted}")
    hit, stray, missed, right, wanted = counts["all"]
    assert 2 * hit / (2 * hit + stray + missed) >= LEAST_DETECTION_F1
    assert right / wanted >= LEAST_STANCE_ACCURACY
