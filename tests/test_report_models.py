"""What the report tells of the fitted models: themes, topics, stances, and how far to trust them."""

import json

import pandas as pd
import pytest

from pipeline.report.trust import elsewhere, trust
from pipeline.stages import report as stage
from pipeline.store import Arrays, write_model
from pipeline.tables.statements import STATEMENTS
from tests.imports import ROOT
from tests.test_report import CARDS, NO_TOPICS, corpus_tables, frame, nothing, page, rows_of, text


def detail(value: float, low: float | None = 0.4, high: float | None = 0.6, n: int = 30) -> dict:
    return {"value": value, "low": low, "high": high, "n": n}


def section(root, name: str) -> str:
    return text(root.get_element_by_id(name))


def cards(**changes) -> dict:
    return {name: {**card, **changes.get(name, {})} for name, card in CARDS.items()}


# What it is about


def test_relevant_articles_are_counted_by_theme():
    root = page()
    assert rows_of(root, "Themes of relevant articles")[1:] == [
        ["metals steel and aluminum", "trade", "2", "66.7%"],
        ["nato spending defence spending", "security", "1", "33.3%"],
        ["all", "", "3", "100.0%"],
    ]
    told = section(root, "themes")
    assert "Of 4 articles, 4 (100.0%) pass a first gate" in told
    assert "the model takes 3 (75.0%) to be about trade or security" in told
    assert "By group: trade 2 (66.7%), security 1 (33.3%)." in told
    assert "No article has the theme lumber." in told


def test_themes_are_set_side_by_side_where_outlets_are_of_two_countries():
    tables = corpus_tables()
    tables["coverage"].loc[0, "outlet_country"] = "us"
    rows = rows_of(page(tables), "Themes of relevant articles; in brackets, the share of the country’s")
    assert rows[0][-2:] == ["U.S. outlets", "Canadian outlets"]
    assert [row[-2:] for row in rows[1:]] == [
        ["1 (100.0%)", "1 (50.0%)"],
        ["0 (0.0%)", "1 (50.0%)"],
        ["1", "2"],
    ]


def test_themes_stand_with_their_scores_or_with_those_of_other_corpora():
    scores = {"relevance_f1": detail(0.87), "theme_accuracy": detail(0.835, 0.77, 0.892)}
    told = section(page(scores=scores), "themes")
    assert "relevance reaches an F1 of 0.870 (0.400 to 0.600)." in told
    assert "The theme is right in 83.5% (77.0% to 89.2%) of labelled articles." in told
    assert "Not scored here" in section(page(), "themes")
    assert "sample: relevance F1 0.980, right theme 85.0%." in section(page(), "themes")


# Topics


def test_topics_stand_with_terms_headlines_and_scores():
    root = page()
    rows = rows_of(root, "Topics, largest first")
    assert rows[1] == ["steel, mills", "2", "66.7%", "metals 100.0%", "−0.17"]
    assert rows[2] == ["steel, mills, smelter Title b Wire, 4 Feb 2025 Title a Wire, 30 Dec 2024"]
    assert rows[-1] == ["without a topic", "1", "33.3%", "", ""]
    told = section(root, "topics")
    assert "64.2%: how far the same articles come together again" in told
    assert "Here another run would draw many lines elsewhere." in told


def test_stability_that_was_not_measured_is_not_told():
    without = cards(topics={"scores": {**CARDS["topics"]["scores"], "stability": None}})
    assert "Stability" not in section(page(cards=without), "topics")


# Who stands where


def test_statements_are_counted_by_target_and_side():
    root = page()
    assert rows_of(root, "Statements by target and side")[1:] == [
        ["A close partnership", "U.S.", "0", "0", "1", "1", "−1.00"],
        ["Canada", "2", "0", "0", "2", "+1.00"],
    ]
    told = section(root, "stances")
    assert "Model counts: a description, never tested and never a headline." in told
    assert "3 statements in 2 sentences of 2 articles" in told
    assert "stances.csv" not in root.xpath("//@download")


def test_shares_are_drawn_from_ten_statements_on():
    tables = corpus_tables()
    rows = [{"holder": f"H{n}", "holder_side": "us" if n else "canada"} for n in range(11)]
    tables["statements"] = frame(
        STATEMENTS,
        rows,
        sentence_id="a-0001",
        stance="against",
        target="close_partnership",
        holder_kind="government",
        p_target=0.9,
        p_favor=0.1,
        p_neutral=0.1,
        p_against=0.8,
    )
    (wide, narrow) = page(tables).xpath("//figure[.//@download='stances.csv']//*[local-name()='svg']")
    assert wide.get("aria-label") == narrow.get("aria-label")
    assert wide.get("aria-label").endswith("a close partnership: United States net stance −1.00.")
    assert "−1.00 (n 10)" in text(wide)


def test_the_surest_statements_are_of_different_stories():
    tables = corpus_tables()
    sure = tables["statements"].assign(p_target=[0.5, 0.9, 0.7])
    sure = pd.concat([sure, sure.iloc[[2]].assign(sentence_id="c-0002", p_target=0.8)])
    (shown,) = page({**tables, "statements": sure}).xpath("//*[@id='stances']//ol")
    assert [text(item.find("p")) for item in shown] == [
        "▼ against Tom (target .900, stance .800)",
        "▲ favor Ann (target .800, stance .800)",
    ]


def test_a_lean_of_the_model_is_told_where_its_interval_excludes_zero():
    scores = {
        "stance_lean_holders_us": detail(0.1034, 0.0465, 0.1765),
        "stance_lean_holders_canada": detail(-0.07, -0.25, 0.03),
        "stance_lean_outlets_us": detail(0.06, 0.02, 0.12),
    }
    told = section(page(scores=scores), "stances")
    assert told.count("lean, given the target, to") == 1
    assert (
        "gives to U.S. holders lean, given the target, to favor (+0.10 in net stance, +0.05 to +0.18)" in told
    )


# How far to trust it


def test_scores_stand_beside_what_two_coders_reach():
    scores = {"target_f1": detail(0.659), "target_recall": detail(0.57), "stance_accuracy": detail(0.698)}
    agreement = {"articles": 481, "target_f1": 0.933, "stance_agreement": 0.966}
    rows = rows_of(page(scores=scores, agreement=agreement), "Targets and stances beside gold")
    assert [row[3] for row in rows] == ["two coders", "0.933", "", "96.6%"]
    assert "two coders" not in rows_of(page(scores=scores), "Targets and stances beside gold")[0]


def test_scores_of_groups_stand_side_by_side():
    scores = {
        "stance_accuracy_holders_us": detail(0.719, n=651),
        "stance_lean_holders_us": detail(0.015, -0.05, 0.08),
        "target_f1_outlets_us": detail(0.7, None, None),
    }
    assert rows_of(page(scores=scores), "By side of the holder")[1:] == [
        ["U.S. holders", "", "71.9% 40.0% to 60.0%", "+0.01 −0.05 to +0.08", "651"],
        ["U.S. outlets", "0.700 too few stories", "", "", ""],
    ]


@pytest.mark.parametrize("corpus", ["sample", "white_house"])
def test_every_score_of_evaluate_has_words(corpus):
    details = json.loads((ROOT / "metrics" / f"{corpus}_details.json").read_text(encoding="utf-8"))
    found = trust(details["scores"], {})
    assert found.others == []
    assert found.articles
    assert found.statements
    assert found.attribution
    assert found.by_group


def test_scores_elsewhere_leave_out_all_corpora_together():
    assert elsewhere(CARDS["themes"]["scores"], ("relevance_f1",)) == ["sample: relevance F1 0.980"]


# What could not be computed


def test_without_a_relevant_article_the_report_says_so():
    tables = corpus_tables() | {name: nothing()[name] for name in ("statements", "topics", "article_topics")}
    tables["article_relevance"] = tables["article_relevance"].assign(is_relevant=False, theme="off_topic")
    root = page(tables, cards=cards(topics=NO_TOPICS))
    assert "None of these articles is relevant" in section(root, "themes")
    assert "No topics could be found: there is no article." in section(root, "topics")
    assert "found no statement on any target in this corpus" in section(root, "stances")
    closed = tables["article_relevance"].assign(passes_gate=False)
    told = section(page({**tables, "article_relevance": closed}, cards=cards(topics=NO_TOPICS)), "stances")
    assert "No article passes the gate" in told


def test_of_no_article_at_all_nothing_is_said():
    root = page(nothing(), cards=cards(topics=NO_TOPICS))
    assert "No article is left to judge" in section(root, "themes")
    assert "None" not in section(root, "themes") + section(root, "topics") + section(root, "stances")


def test_what_the_models_have_not_learned_is_named():
    left_out = cards(
        themes={"themes_left_out": {"lumber": 2}},
        stance={"targets_left_out": {"close_partnership": 3, "other": 0}},
    )
    tables = {**corpus_tables(), "statements": STATEMENTS.empty()}
    root = page(tables, cards=left_out)
    assert "“lumber” could not be learned" in section(root, "themes")
    assert "2 labelled articles, and 5 are needed" in section(root, "themes")
    assert "No article has the theme" not in section(root, "themes")
    assert (
        "Stances on a close partnership could not be learned, so none are counted: 3 labelled statements"
        in section(root, "stances")
    )
    assert "no labelled statement, and 10" in section(root, "stances")


def test_without_labels_the_scores_of_labelled_corpora_are_told():
    tables = corpus_tables()
    tables["labelled_articles"]["corpus"] = "other"
    told = section(page(tables), "trust")
    assert "it has no labels" in told
    assert "sample: target F1 0.700, right stance 69.9%" in told


def test_cards_are_read_in_part(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("themes", "stance", "topics/mine"):
        card = {**CARDS[name.partition("/")[0]], "versions": {"numpy": "2"}}
        write_model(stage.MODELS / name, {"whole": Arrays({}, {})}, card)
    assert stage._cards("mine") == CARDS
