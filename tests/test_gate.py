from pathlib import Path

import pytest

from pipeline import store
from pipeline.params import read_params
from pipeline.text.gate import passes_gate
from pipeline.text.outlets import OUTLET_COLUMNS, known_outlets, outlet_key
from pipeline.text.passages import compile_terms

ROOT = Path(__file__).parent.parent
FILES = ("articles", "article_labels", "statement_labels")


@pytest.fixture(scope="module")
def terms():
    named = read_params(ROOT / "params.yaml").clean.passage_terms.model_dump()
    return {country: compile_terms(patterns) for country, patterns in named.items()}


@pytest.mark.parametrize(
    ("title", "text", "outlet_country", "passes"),
    [
        ("Canada answers", "The United States raised duties.", "other", True),
        ("Canada answers", "The duties were raised.", "other", False),
        ("Canada answers", "The duties were raised.", "unknown", False),
        ("Canada answers", "The duties were raised.", "us", True),
        ("Canada answers", "The duties were raised.", "canada", False),
        ("Washington raises duties", "Exporters in Halifax are worried.", "canada", True),
        ("Washington raises duties", "Exporters are worried.", "us", False),
        ("Ottawa and the White House talk", "", "unknown", True),
        ("The review of USMCA begins", "Officials met.", "other", True),
        ("NORAD jets scramble", "A balloon was seen.", "unknown", True),
        ("They told us to wait", "Ottawa waits, let us wait too.", "other", False),
        ("Rain in the north", "It rained.", "us", False),
    ],
)
def test_who_must_be_named(terms, title, text, outlet_country, passes):
    assert passes_gate(title, text, outlet_country, terms) is passes


@pytest.fixture
def seeds(monkeypatch):
    monkeypatch.setattr(store, "SEEDS", ROOT / "seeds")
    known = known_outlets(store.read_csv(ROOT / "seeds" / "outlets.csv", OUTLET_COLUMNS))

    def passes(article, terms):
        outlet = known.get(outlet_key(article["outlet"]))
        country = outlet.country if outlet else "unknown"
        return passes_gate(article["title"], article["text"], country, terms)

    return passes


def test_gold_passes(seeds, terms):
    wanted = []
    for corpus in ("sample", "white_house"):
        files = store.read_seeds(corpus, FILES)
        kept = {label["id"] for label in files["article_labels"] if label["relevant"]}
        kept |= {statement["id"] for statement in files["statement_labels"]}
        wanted += [seeds(article, terms) for article in files["articles"] if article["id"] in kept]
    assert len(wanted) > 400
    assert sum(wanted) / len(wanted) >= 0.99


def test_other_documents_do_not(seeds, terms):
    others = store.read_seeds("white_house", ("other_articles",))["other_articles"]
    assert sum(seeds(article, terms) for article in others) / len(others) < 0.05
