"""Gold labels that do not fit their fields, their article or one another are refused by file and line."""

import pytest

from pipeline import store
from pipeline.tables.words import CODED_KINDS, CODED_SIDES, STANCES
from pipeline.text.gold import LabelsError, check_labels
from pipeline.text.label_fields import Codebook
from tests.imports import ROOT

BODY = "Ottawa backs the pact. It waits."
CODEBOOK = Codebook(["trade_pact", "us_tariffs"], ["metals", "off_topic"], STANCES, CODED_SIDES, CODED_KINDS)
ARTICLE = {"id": "a", "relevant": True, "theme": "metals", "stratum": "2019", "inclusion_probability": 0.5}
STATEMENT = {
    "id": "a",
    "start": 0,
    "end": 22,
    "sentence": "Ottawa backs the pact.",
    "target": "trade_pact",
    "stance": "favor",
    "holder": "Ottawa",
    "holder_side": "canada",
    "holder_kind": "government",
}


def check(articles, statements):
    check_labels("mine", articles, statements, {"a": BODY, "b": BODY}, CODEBOOK)


def changed(label, **changes):
    return {name: value for name, value in {**label, **changes}.items() if value is not ...}


def test_labels_that_fit_pass():
    spans = changed(ARTICLE, id="b", coded_spans=[[0, 22], [23, 32]], inclusion_probability=1, coder="me")
    check([ARTICLE, spans], [STATEMENT, changed(STATEMENT, target="us_tariffs", stance="against")])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "c"}, r"no article 'c' in the corpus's articles; mend the id"),
        ({"id": 7}, r"id is 7; it must be text that is not empty"),
        ({"id": "a"}, r"article 'a' is labelled on line 1 too; keep one line"),
        ({"relevant": "yes"}, r"relevant is 'yes'; it must be true or false"),
        ({"relevant": 1}, r"relevant is 1; it must be true or false"),
        ({"theme": "steel"}, r"theme is 'steel'; it must be one of themes.csv's: metals, off_topic"),
        ({"relevant": False}, r"relevant is false and theme is 'metals', which contradict each other"),
        ({"theme": "off_topic"}, r"relevant is true and theme is 'off_topic', which contradict each other"),
        ({"theme": ["metals"]}, r"theme is \['metals'\]; it must be one of"),
        ({"stratum": None}, r"stratum is None; it must be text"),
        ({"stratum": ...}, r"no field stratum; add text"),
        (
            {"inclusion_probability": 0},
            r"inclusion_probability is 0; it must be a number above 0 and at most 1",
        ),
        ({"inclusion_probability": 1.01}, r"inclusion_probability is 1.01; it must be"),
        ({"inclusion_probability": float("nan")}, r"inclusion_probability is nan; it must be"),
        ({"inclusion_probability": "0.5"}, r"inclusion_probability is '0.5'; it must be"),
        ({"inclusion_probability": True}, r"inclusion_probability is True; it must be"),
        ({"coded_spans": None}, r"coded_spans is None; it must be a list of pairs \[start, end\]"),
        ({"coded_spans": [[0, 5, 9]]}, r"coded_spans is \[\[0, 5, 9\]\]; it must be a list of pairs"),
        ({"coded_spans": [[5, 5]]}, r"coded_spans is \[\[5, 5\]\]; it must be a list of pairs"),
        ({"coded_spans": [[0, 33]]}, r"coded_spans has \[0, 33\], and the text ends at 32; mend it"),
        ({"coded_span": [[0, 5]]}, r"no field coded_spans but 'coded_span'; rename it"),
    ],
)
def test_an_article_label_that_does_not_fit_is_named(changes, message):
    second = changed(changed(ARTICLE, id="b"), **changes)
    with pytest.raises(LabelsError, match=rf"^seeds/mine/article_labels\.jsonl, line 2: {message}"):
        check([ARTICLE, second], [STATEMENT])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "b"}, r"article 'b' has no line in article_labels\.jsonl; add one"),
        ({"start": "0"}, r"start is '0'; it must be a whole number from 0"),
        ({"start": -1}, r"start is -1; it must be a whole number from 0"),
        ({"start": False}, r"start is False; it must be"),
        ({"end": 22.0}, r"end is 22\.0; it must be a whole number above start"),
        ({"start": 22}, r"end is 22; it must be above start, which is 22"),
        ({"start": 1}, r"characters 1 to 22 of the text are 'ttawa .*not the sentence 'Ottawa"),
        ({"target": "peace"}, r"target is 'peace'; it must be one of targets.yaml's: trade_pact, us_tariffs"),
        (
            {"stance": "Favor"},
            r"stance is 'Favor'; it must be one of the codebook's: favor, neutral, against",
        ),
        ({"holder": " "}, r"holder is ' '; it must be text that is not empty"),
        ({"holder_side": "unknown"}, r"holder_side is 'unknown'; it must be one of .*: us, canada, other$"),
        (
            {"holder_kind": "person"},
            r"holder_kind is 'person'; it must be one of the codebook's: government, ",
        ),
        ({"sentence": ...}, r"no field sentence; add text"),
        ({}, r"the same statement stands on line 1; keep one line"),
        ({"stance": "against"}, r"stance is 'against', and 'favor' on line 1 for the same sentence, target"),
    ],
)
def test_a_statement_label_that_does_not_fit_is_named(changes, message):
    with pytest.raises(LabelsError, match=rf"^seeds/mine/statement_labels\.jsonl, line 2: {message}"):
        check([ARTICLE], [STATEMENT, changed(STATEMENT, **changes)])


@pytest.mark.parametrize(
    ("articles", "statements", "file"),
    [([], [STATEMENT], "article_labels"), ([ARTICLE], [], "statement_labels")],
)
def test_a_file_without_labels_is_named(articles, statements, file):
    with pytest.raises(LabelsError, match=rf"^seeds/mine/{file}\.jsonl holds no label; add some, or take"):
        check(articles, statements)


def test_the_codebook_words_every_target_and_theme():
    book = (ROOT / "seeds/CODEBOOK.md").read_text(encoding="utf-8")
    targets = [row["target"] for row in store.read_yaml(ROOT / "seeds/targets.yaml")]
    themes = [row["theme"] for row in store.read_csv(ROOT / "seeds/themes.csv", ("theme", "group"))]
    assert all(f"| {target} |" in book for target in targets)
    assert ", ".join(themes) in book
    assert " | ".join(CODED_SIDES) in book
    assert " | ".join(CODED_KINDS) in book
