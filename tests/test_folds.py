"""Folds of cross-fitting: no article is judged by a model that learned from one like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.params import read_params
from pipeline.seeds import assign_folds, clean_seeds
from tests.imports import ROOT

PARAMS = read_params(ROOT / "params.yaml")
WORDS = "ottawa answers the duty on steel while mills in hamilton wait for orders from buyers in detroit"


def article(name: str, words: str, day: str = "2025-02-04") -> dict[str, str]:
    return {"id": name, "title": f"On {words.split()[0]}", "text": words.capitalize() + ".", "published": day}


def seeds(corpus: str, *articles: dict[str, str]):
    return clean_seeds(corpus, articles, [], PARAMS)


def fold_of(corpora, corpus: int, name: str) -> int:
    folds = assign_folds(corpora, PARAMS)
    (key,) = [row["article_id"] for row in corpora[corpus].rows if row["source_id"] == name]
    return folds[key]


@pytest.mark.parametrize("number", range(12))
def test_alike_articles_of_two_corpora_share_a_fold(number):
    words = f"{WORDS} {number} times a year since {1990 + number}"
    one = seeds("sample", article(f"a{number}", words))
    other = seeds("mine", article(f"b{number}", words, day="2019-06-01"))
    assert fold_of([one, other], 0, f"a{number}") == fold_of([one, other], 1, f"b{number}")


def test_every_article_has_a_fold_and_another_corpus_changes_none():
    one = seeds("sample", *(article(f"a{n}", f"word{n} " * 30) for n in range(30)))
    other = seeds("mine", *(article(f"b{n}", f"other{n} " * 30) for n in range(5)))
    alone, joined = assign_folds([one], PARAMS), assign_folds([one, other], PARAMS)
    assert len(joined) == 35
    assert set(joined.values()) <= set(range(PARAMS.prepare_labels.folds))
    assert len(set(joined.values())) > 1
    assert {key: joined[key] for key in alone} == alone


@given(st.permutations([0, 1, 2]))
def test_the_order_of_corpora_does_not_matter(order):
    corpora = [seeds(name, article(name, f"{WORDS} {name}")) for name in ("x", "y", "z")]
    assert assign_folds([corpora[place] for place in order], PARAMS) == assign_folds(corpora, PARAMS)
