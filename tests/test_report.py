import base64
import csv
import functools
import hashlib
import itertools
import re

import lxml.html
import pandas as pd
import pytest

from pipeline.params import Corpus, read_params
from pipeline.report.coverage import alike, timeline
from pipeline.report.drawing import whole_ticks
from pipeline.report.provenance import InputFiles
from pipeline.stages import report as stage
from pipeline.stages.report import report
from pipeline.tables.articles import ARTICLES, QUARANTINE
from pipeline.tables.contract import Table
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.coverage import COVERAGE, DROPPED_ARTICLES, REMOVED_LINES
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.tables.series import SERIES
from pipeline.tables.shifts import SHIFTS
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE
from pipeline.tables.topics import ARTICLE_TOPICS, TOPICS
from tests.imports import ROOT

TARGETS = [
    {
        "target": "close_partnership",
        "label": "a close partnership",
        "wording": "The two should be close partners.",
        "cues": [],
        "theme_group": "both",
    }
]
THEMES = [
    {"theme": "metals", "group": "trade", "wording": "steel and aluminum"},
    {"theme": "lumber", "group": "trade", "wording": "the softwood lumber dispute"},
    {"theme": "nato_spending", "group": "security", "wording": "defence spending"},
    {"theme": "off_topic", "group": "neither", "wording": "anything else"},
]
TURNING_POINTS = [
    {"date": "2025-01-20", "label": "A second inauguration"},
    {"date": "2018-06-01", "label": "Long before"},
]
CARDS = {
    "themes": {
        "scores": {
            "sample": {"relevance_f1": 0.98, "theme_accuracy": 0.85},
            "all": {"relevance_f1": 0.96, "theme_accuracy": 0.84},
        },
        "themes_left_out": {},
    },
    "stance": {"scores": {"sample": {"target_f1": 0.7, "stance_accuracy": 0.699}}, "targets_left_out": {}},
    "topics": {
        "scores": {
            "topics": 1,
            "coherence": 0.05,
            "diversity": 0.954,
            "stability": 0.642,
            "outlier_share": 0.333,
        },
        "without_topics_because": "",
    },
}
NO_TOPICS = {
    "scores": dict.fromkeys(("coherence", "diversity", "stability", "outlier_share")) | {"topics": 0},
    "without_topics_because": "there is no article",
}
HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>"
ANCHOR = "partnership-stance-close_partnership-canada"


def frame(table: Table, rows: list[dict], **same) -> pd.DataFrame:
    """Rows as a stage would read them back, each completed with what is the same in all."""
    if not rows:
        return table.empty()
    whole = pd.DataFrame([{**same, **row} for row in rows])
    return table.conform(whole).to_pandas(date_as_object=False)


def days(*texts: str | None) -> list:
    return [None if text is None else pd.Timestamp(text).date() for text in texts]


def corpus_tables() -> dict[str, pd.DataFrame]:
    """Four articles (c copies b, d has no date) of one corpus, and a labelled one of another.

    Canadian speakers on close_partnership: before, favor at weight 1 and against at weight 3, so
    (1 − 3) / 4 = −0.50; after, favor and neutral at weight 2, so 2 / 4 = +0.50.
    """
    ids, dates = ["a", "b", "c", "d"], days("2024-12-30", "2025-02-04", "2025-03-01", None)
    articles = [
        {
            "article_id": i,
            "source_id": i,
            "line": n,
            "url": f"https://example.org/{i}?x=1&y=2",
            "title": f"Title {i}",
        }
        for n, i in enumerate([*ids, "e"], start=1)
    ]
    coverage = [
        {"article_id": i, "source_id": i, "title": f"Title {i}", "published_date": date, "outlet": outlet}
        for i, date, outlet in zip(
            ids, dates, ["Wire", "Wire", "Globe & Post", "Globe and Post"], strict=True
        )
    ]
    sentences = [
        {"sentence_id": f"{i}-{n:04d}", "article_id": i, "position": n, "text": f"Sentence {n} of {i}."}
        for i in ids
        for n in range(4)
    ]
    said = [
        ("a", 1, "Ann", "favor"),
        ("a2", 0, "Bob", "against"),
        ("b", 1, "Ann", "favor"),
        ("c", 2, "Cy", "neutral"),
    ]
    labelled = [("a", "mine", 1.0), ("b", "mine", 0.5), ("c", "mine", 0.5), ("z", "other", 0.5)]
    statements = [
        {"sentence_id": f"{i}-{n:04d}", "article_id": i, "position": n, "holder": who, "stance": stance}
        for i, n, who, stance in said
    ]
    statements += [
        # the same sentence, another holder; and what no comparison counts: another side, no statement, no period
        {**statements[0], "holder": "Bob", "stance": "against"},
        {**statements[0], "holder": "Bea", "stance": "against"},
        {**statements[0], "holder": "Bo", "stance": "against"},
        {**statements[0], "holder": "Tom", "holder_side": "us"},
        {
            **statements[0],
            "position": 0,
            "sentence_id": "a-0000",
            "target": "none",
            "holder": "",
            "stance": "none",
        },
        {**statements[0], "sentence_id": "z-0000", "article_id": "z"},
    ]
    return {
        "articles": frame(
            ARTICLES,
            articles,
            path="a.jsonl",
            outlet="Wire",
            body="Canada.",
            published_at=None,
            language=None,
            extra="{}",
        ),
        "quarantine": frame(
            QUARANTINE,
            [{"path": "b.csv", "line": n} for n in range(1, 26)],
            reason="broken_row",
            detail="7 cells, not 5",
        ),
        "coverage": frame(
            COVERAGE,
            coverage,
            outlet_country="canada",
            genre="news",
            text="Canada and the United States.",
            language="en",
            word_count=5,
            raw_spans=[],
        ),
        "removed_lines": frame(
            REMOVED_LINES,
            [
                {"article_id": "a", "raw_start": 0},
                {"article_id": "a", "raw_start": 9},
                {"article_id": "b", "raw_start": 0},
            ],
            line="Sign up",
            reason="site_furniture",
        ),
        "dropped_articles": frame(
            DROPPED_ARTICLES, [{"article_id": "e"}], reason="other_language", detail="fr"
        ),
        "stories": frame(
            STORIES, [{"article_id": i, "story_id": "b" if i == "c" else i} for i in ids], similarity=1.0
        ),
        "sentences": frame(SENTENCES, sentences, start=0, end=1),
        "attributions": frame(
            ATTRIBUTIONS,
            [
                {"sentence_id": "a-0001", "holder": "Ann", "holder_side": "canada", "attribution": "direct"},
                {"sentence_id": "a-0001", "holder": "Tom", "holder_side": "us", "attribution": "act"},
                {"sentence_id": "b-0001", "holder": "Ann", "holder_side": "canada", "attribution": "direct"},
                {"sentence_id": "b-0002", "holder": "", "holder_side": "unknown", "attribution": "narrator"},
            ],
            holder_kind="government",
            cue="said",
            holder_score=1.0,
        ),
        "article_relevance": frame(
            ARTICLE_RELEVANCE,
            [
                {"article_id": "a", "theme": "metals", "is_relevant": True, "relevance": 0.9},
                {"article_id": "b", "theme": "metals", "is_relevant": True, "relevance": 0.9},
                {"article_id": "c", "theme": "nato_spending", "is_relevant": True, "relevance": 0.9},
                {"article_id": "d", "theme": "off_topic", "is_relevant": False, "relevance": 0.1},
            ],
            passes_gate=True,
            fold=-1,
        ),
        "statements": frame(
            STATEMENTS,
            [
                {"sentence_id": "a-0001", "holder": "Ann", "holder_side": "canada", "stance": "favor"},
                {"sentence_id": "a-0001", "holder": "Tom", "holder_side": "us", "stance": "against"},
                {"sentence_id": "b-0001", "holder": "Ann", "holder_side": "canada", "stance": "favor"},
            ],
            target="close_partnership",
            holder_kind="government",
            p_target=0.9,
            p_favor=0.1,
            p_neutral=0.1,
            p_against=0.8,
        ),
        "topics": frame(
            TOPICS,
            [
                {
                    "topic_id": 0,
                    "label": "steel, mills",
                    "terms": ["steel", "mills", "smelter"],
                    "article_ids": ["b", "a"],
                }
            ],
            article_count=2,
            coherence=-0.17294,
            theme="metals",
            theme_share=1.0,
        ),
        "article_topics": frame(
            ARTICLE_TOPICS,
            [{"article_id": i, "topic_id": t} for i, t in (("a", 0), ("b", 0), ("c", -1))],
            weight=0.5,
        ),
        "series": series(),
        "shifts": frame(SHIFTS, [shift()]),
        "contrasts": frame(CONTRASTS, [contrast()]),
        "labelled_articles": frame(
            LABELLED_ARTICLES,
            [
                {
                    "article_id": i,
                    "corpus": corpus,
                    "source_id": i,
                    "inclusion_probability": chance,
                    "story_id": i,
                }
                | {"published_date": dict(zip(ids, dates, strict=True)).get(i)}
                for i, corpus, chance in labelled
            ],
            outlet_country="canada",
            title="",
            text="",
            relevant=True,
            theme="metals",
            stratum="s",
            story_stratum="s",
            fold=0,
        ),
        "labelled_sentences": frame(
            LABELLED_SENTENCES,
            [{"target": "close_partnership", "holder_side": "canada", **row} for row in statements],
            raw_start=0,
            text="Ann said partnership matters.",
            holder_kind="government",
        ),
    }


def series() -> pd.DataFrame:
    """What measure counts of these articles by month, of some subjects: 2025-01 has no article."""
    counts = {  # family, subject, group: numerators and denominators of 2024-12 to 2025-03
        ("theme", "metals", "all"): ((1, 0, 1, 0), (1, 0, 1, 1)),
        ("theme", "metals", "canada"): ((1, 0, 1, 0), (1, 0, 1, 1)),
        ("theme", "nato_spending", "all"): ((0, 0, 0, 1), (1, 0, 1, 1)),
        ("theme", "lumber", "all"): ((0, 0, 0, 0), (1, 0, 1, 1)),
        ("theme_group", "trade", "all"): ((1, 0, 1, 0), (1, 0, 1, 1)),
        ("topic", "0", "all"): ((1, 0, 1, 0), (1, 0, 1, 1)),
        ("stance", "close_partnership", "canada"): ((6, 0, -3, 0), (12, 0, 3, 0)),
        ("stance", "close_partnership", "us"): ((-1, 0, 0, 0), (1, 0, 0, 0)),
    }
    rows = [
        {"family": family, "subject": subject, "group": group, "period": month}
        | {"numerator": above, "denominator": below, "value": above / below if below else None}
        for (family, subject, group), pair in counts.items()
        for month, above, below in zip(
            days("2024-12-01", "2025-01-01", "2025-02-01", "2025-03-01"), *pair, strict=True
        )
    ]
    return frame(SERIES, rows, period_kind="month", low=None, high=None, n_labelled=0, method="model_only")


def shift(**changes) -> dict:
    row = {
        **{"family": "theme", "subject": "metals", "group": "all", "period": days("2025-02-01")[0]},
        **{"before": 0.025, "after": 0.25, "change": 0.225, "low": 0.0312, "high": 0.4},
        **{"period_low": days("2025-01-01")[0], "period_high": days("2025-02-01")[0]},
        **{"p": 0.001, "q": 0.012, "turning_point": "inauguration", "days_apart": 12, "periods": 30},
        "turning_point_label": "A second inauguration",
    }
    return {**row, **changes}


def contrast(**changes) -> dict:
    row = {
        "contrast": "partnership",
        "family": "stance",
        "subject": "close_partnership",
        "group": "canada",
        "label": "Canadian speakers on a close partnership",
        "before_from": days("2024-01-01")[0],
        "before_to": days("2025-01-19")[0],
        "after_from": days("2025-01-20")[0],
        "after_to": days("2025-12-31")[0],
        "before": -0.5,
        "after": 0.5,
        "change": 1.0,
        "low": 0.6,
        "high": 1.3,
        "p": 0.001,
        "q": 0.002,
        "n_labelled_before": 21,
        "n_labelled_after": 22,
        "n_needed": 0,
        "status": "claim",
        "population": "corpus",
        "method": "gold",
        "evidence": ["a-0001", "b-0001", "c-0002"],
    }
    return {**row, **changes}


def build(tables: dict[str, pd.DataFrame] | None = None, **changes) -> dict[str, str]:
    whole = read_params(ROOT / "params.yaml")
    params = whole.model_copy(
        update={
            "corpora": {
                "mine": Corpus(path="/srv/articles", period_kind=changes.pop("period_kind", "month"))
            },
            "report": whole.report.model_copy(update={"evidence_rows": changes.pop("evidence_rows", 400)}),
        }
    )
    surroundings = {
        "targets": TARGETS,
        "themes": THEMES,
        "cards": CARDS,
        "turning_points": TURNING_POINTS,
        "agreement": {},
        "coded_by": "",
        "about": "",
        "inputs": InputFiles(files=1, size=1234567, sha256="ab" * 32),
        **changes,
    }
    scores = surroundings.pop("scores", {})
    return report("mine", tables or corpus_tables(), scores, params, **surroundings)


def parsed(html: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(html)


def text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def page(tables: dict[str, pd.DataFrame] | None = None, **changes) -> lxml.html.HtmlElement:
    html = build(tables, **changes)["index.html"] if tables or changes else usual_html()
    return parsed(html)


@functools.cache
def usual_html() -> str:
    return build()["index.html"]


def nothing() -> dict[str, pd.DataFrame]:
    tables = (
        ARTICLES,
        QUARANTINE,
        COVERAGE,
        REMOVED_LINES,
        DROPPED_ARTICLES,
        STORIES,
        SENTENCES,
        ATTRIBUTIONS,
        ARTICLE_RELEVANCE,
        STATEMENTS,
        TOPICS,
        ARTICLE_TOPICS,
        SERIES,
        SHIFTS,
    )
    return {
        table.name: table.empty() for table in (*tables, CONTRASTS, LABELLED_ARTICLES, LABELLED_SENTENCES)
    }


def rows_of(root: lxml.html.HtmlElement, caption: str) -> list[list[str]]:
    (table,) = [each for each in root.iter("table") if text(each.find("caption")).startswith(caption)]
    return [[text(cell) for cell in row] for row in table.iter("tr")]


# What the page says


def test_the_first_lines_say_what_the_corpus_is():
    about = "Written by a language model; no evidence about the press."
    body = page(about=about).find("body")
    said = text(body).removeprefix("Skip to the findings Parallel 49 · report on one corpus ")
    assert said.startswith(
        f"Mine {about} 4 articles · 3 stories · 3 outlets · 30 December 2024 to 1 March 2025"
    )
    assert "Mine 30 documents from /srv/articles." in text(page().find("body"))


def test_a_finding_is_told_to_the_digit():
    (finding,) = page().xpath("//ol[@class='findings']/li")
    assert text(finding.find("p")) == (
        "Canadian speakers on a close partnership (from 20 January 2025): net stance from −0.50 to +0.50, "
        "a change of +1.00 (95% interval +0.60 to +1.30); 21 and 22 labelled articles."
    )


def test_a_finding_leads_to_the_sentences_that_it_counts():
    root = page()
    (link,) = root.xpath(f"//li[@id='finding-{ANCHOR}']//a")
    (shown,) = root.xpath(f"//*[@id='{link.get('href')[1:]}']")
    assert shown.getparent().tag == "details"  # so that a browser opens it on the way
    before, after = shown.xpath(".//ol[@class='statements']")
    assert [text(p) for p in before.xpath("./li/p[@class='who']")] == [
        "▲ favor Ann (government)",
        "▼ against Bea (government)",
        "▼ against Bo (government)",
        "▼ against Bob (government)",
    ]
    assert [text(p) for p in after.xpath("./li/p[@class='who']")] == [
        "▲ favor Ann (government)",
        "◆ neutral Cy (government)",
    ]
    first = before.find("li")
    assert text(first.find("blockquote")) == "Sentence 0 of a. Ann said partnership matters. Sentence 2 of a."
    assert text(first.find(".//mark")) == "Ann said partnership matters."
    assert text(first.xpath("./p[@class='where']")[0]) == "30 December 2024, Wire: Title a · weight 1.00"
    assert first.xpath(".//a/@href") == ["https://example.org/a?x=1&y=2"]


def test_the_evidence_adds_up_to_the_finding():
    tables = corpus_tables()
    rows = rows_of(page(tables), "How the figures come about")
    assert rows[0] == ["Period", "favor", "neutral", "against", "all", "net stance"]
    assert rows[1][1:] == ["1 (1.0)", "0 (0.0)", "3 (3.0)", "4 (4.0)", "−0.50"]
    assert rows[2][1:] == ["1 (2.0)", "1 (2.0)", "0 (0.0)", "2 (4.0)", "+0.50"]
    assert "Said or done by: government 6." in text(page(tables).get_element_by_id("evidence"))


def test_scores_stand_with_their_intervals():
    scores = {
        "attribution_side_found": {"value": 0.5, "low": 0.4, "high": 0.61234, "n": 1200},
        "theme_accuracy": {"value": 0.7, "low": 0.6, "high": 0.8, "n": 30},
        "of_a_kind_to_come": {"value": 0.7, "low": 0.6, "high": 0.8, "n": 30},
    }
    root = page(scores=scores)
    words = "find somebody of the right side in a statement's sentence"
    assert rows_of(root, "Attribution beside gold")[1:] == [[words, "50.0%", "40.0% to 61.2%", "1,200"]]
    assert rows_of(root, "Relevance and themes beside gold")[1][1:] == ["70.0%", "60.0% to 80.0%", "30"]
    assert rows_of(root, "Other scores")[1:] == [["of a kind to come", "0.700", "0.600 to 0.800", "30"]]
    assert f"Beside gold, the rules {words} in 50.0% of cases (40.0% to 61.2%)." in text(
        root.get_element_by_id("speakers")
    )
    assert "was not measured on this corpus." in text(page().get_element_by_id("speakers"))


def test_a_score_without_an_interval_says_why():
    scores = {"attribution_side_found": {"value": 0.5, "low": None, "high": None, "n": 12}}
    root = page(scores=scores)
    words = "find somebody of the right side in a statement's sentence"
    assert rows_of(root, "Attribution beside gold")[1:] == [[words, "50.0%", "none: too few stories", "12"]]
    assert f"{words} in 50.0% of cases (too few stories for an interval)." in text(
        root.get_element_by_id("speakers")
    )
    assert "None" not in text(root)


def test_agreement_is_told_where_there_is_one():
    told = text(page(agreement={"articles": 481, "target_f1": 0.933, "stance_agreement": 0.966}))
    assert "the two found a statement on the same target in the same sentence with F1 0.933" in told
    assert "the same stance in 96.6% of cases" in told
    assert "Two coders" not in text(page())


def test_who_coded_is_told_or_said_to_be_unknown():
    agreement = {"articles": 481, "target_f1": 0.933, "stance_agreement": 0.966}
    by_machines = text(page(agreement=agreement, coded_by="language models"))
    assert "sentences coded by language models from a written codebook" in by_machines
    assert "Both coders are language models" in by_machines
    by_people = text(page(agreement=agreement, coded_by="two students"))
    assert "sentences coded by two students from a written codebook" in by_people
    assert "language models" not in by_people
    assert "Who coded them is not stated" in text(page())


# Counts


def test_stories_count_once_where_their_first_article_stands():
    rows = rows_of(page(), "Articles and stories a month")
    assert rows[1:] == [
        ["December 2024", "1", "1"],
        ["January 2025", "0", "0"],
        ["February 2025", "1", "1"],
        ["March 2025", "1", "0"],
        ["without a date", "1", "1"],
        ["all", "4", "3"],
    ]


@pytest.mark.parametrize(
    ("kind", "first"), [("day", "30 December 2024"), ("week", "week of 30 December 2024")]
)
def test_other_kinds_of_period(kind, first):
    assert rows_of(page(period_kind=kind), f"Articles and stories a {kind}")[1] == [first, "1", "1"]


def test_too_many_periods_to_draw_become_longer_ones():
    tables = corpus_tables()
    tables["coverage"].loc[0, "published_date"] = pd.Timestamp("1999-01-01")
    drawn = timeline(tables["coverage"], tables["stories"], "day")
    assert (drawn.kind, drawn.is_coarser, len(drawn.rows)) == ("quarter", True, 105)
    assert drawn.rows["articles"].sum() == 3


def test_outlets_and_those_that_look_alike():
    root = page()
    assert rows_of(root, "Outlets by number")[1:] == [
        ["Wire", "Canada", "2", "2", "30 Dec 2024 to 4 Feb 2025"],
        ["Globe & Post", "Canada", "1", "1", "1 Mar 2025"],
        ["Globe and Post", "Canada", "1", "1", "none"],
    ]
    assert alike(["Globe and Post", "Globe & Post", "globe And post", "Wire", ""]) == [
        ("Globe and Post", "globe And post")
    ]
    assert alike(["The Tribune", "The Tribunes", "The Times"]) == [("The Tribune", "The Tribunes")]


def test_every_document_is_accounted_for():
    rows = rows_of(page(), "Every document is accounted for")
    assert rows[1:] == [
        ["documents found", "30"],
        ["set aside on reading: broken row", "−25"],
        ["articles read", "5"],
        ["dropped on cleaning: another language", "−1"],
        ["articles covered by this report", "4"],
    ]
    assert rows_of(page(), "Lines taken out")[1] == [
        "site furniture: menus, notices, calls to subscribe",
        "3",
        "2",
        "Sign up",
    ]
    assert len(rows_of(page(), "The first 20 of 25 documents set aside")) == 21


def test_tables_of_two_runs_are_refused():
    tables = corpus_tables()
    tables["dropped_articles"] = DROPPED_ARTICLES.empty()
    with pytest.raises(ValueError, match=r"articles \(5\) are not coverage \(4\) \+ dropped_articles \(0\)"):
        build(tables)


def test_speakers_leave_the_narrator_out():
    root = page()
    assert rows_of(root, "Attributions by kind")[1:] == [
        ["government", "1", "2", "0", "0", "3"],
        ["all", "1", "2", "0", "0", "3"],
    ]
    assert rows_of(root, "Names heard most")[1:] == [
        ["Ann", "Canada", "government", "2", "2"],
        ["Tom", "U.S.", "government", "1", "1"],
    ]
    assert "in 2 of 3 sentences (66.7%)" in text(root.get_element_by_id("speakers"))


# What could not be computed


def test_an_empty_corpus_says_so():
    root = page(nothing())
    told = text(root)
    assert "No document from /srv/articles." in told
    assert "There is nothing to measure: no document" in told
    assert "No article is left to show" in told
    assert "No sentence to attribute" in told
    assert not root.xpath("//*[local-name()='svg']")


def test_a_corpus_without_labels_says_how_to_add_them():
    tables = {
        **corpus_tables(),
        "contrasts": CONTRASTS.empty(),
        "labelled_articles": LABELLED_ARTICLES.empty(),
    }
    root = page(tables)
    assert "none of this corpus is labelled" in text(root.get_element_by_id("findings"))
    assert "article_labels.jsonl" in text(root.get_element_by_id("findings"))
    assert not root.xpath("//*[@id='evidence']//details")
    assert not page({**tables, "statements": STATEMENTS.empty()}).xpath("//*[@id='evidence']")


def test_labels_of_another_corpus_do_not_count():
    tables = corpus_tables()
    tables["labelled_articles"]["corpus"] = "other"
    assert "none of this corpus is labelled" in text(page({**tables, "contrasts": CONTRASTS.empty()}))


def test_a_corpus_without_dates_says_so():
    tables = corpus_tables()
    tables["coverage"]["published_date"] = pd.NaT
    told = text(page(tables).get_element_by_id("coverage"))
    assert "Nothing can be counted over time: no article has a date." in told


def test_an_off_topic_corpus_says_so():
    tables = corpus_tables()
    tables["coverage"]["text"] = "A recipe for bread."
    told = text(page(tables).get_element_by_id("coverage"))
    assert "None of these articles names both Canada and the United States" in told
    assert "With 4 articles, counts over time and shares say nothing general" in told


def test_a_corpus_where_nobody_speaks_says_so():
    tables = corpus_tables()
    tables["attributions"] = tables["attributions"].iloc[3:]
    assert "In none of the 1 sentence was anybody" in text(page(tables).get_element_by_id("speakers"))


# The page as a file


def hostile_tables() -> dict[str, pd.DataFrame]:
    tables = corpus_tables()
    for table, column in (
        ("articles", "title"),
        ("coverage", "title"),
        ("coverage", "outlet"),
        ("sentences", "text"),
        ("labelled_sentences", "text"),
        ("labelled_sentences", "holder"),
        ("attributions", "holder"),
        ("quarantine", "path"),
        ("quarantine", "detail"),
        ("removed_lines", "line"),
        ("contrasts", "label"),
        ("article_relevance", "theme"),
        ("statements", "holder"),
        ("statements", "target"),
        ("topics", "label"),
        ("topics", "theme"),
        ("shifts", "turning_point_label"),
    ):
        tables[table][column] = HOSTILE
    tables["statements"] = tables["statements"].drop_duplicates("sentence_id")
    tables["topics"]["terms"] = [[HOSTILE]]
    tables["articles"]["url"] = [
        "javascript:alert(1)",
        " JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "file:///etc",
        None,
    ]
    return tables


def test_hostile_text_cannot_run():
    html = build(hostile_tables(), about=HOSTILE)["index.html"]
    root = parsed(html)
    script, data = root.xpath("//script[not(@type)]")[0], root.get_element_by_id("statement-data")
    assert root.xpath("//script") == [data, script]
    assert data.get("type") == "application/json"  # which no browser runs
    assert "<" not in data.text
    assert "alert" not in script.text
    assert not root.xpath("//img | //iframe | //object | //base | //form[@action] | //*[@formaction]")
    assert not [name for element in root.iter() for name in element.attrib if name.lower().startswith("on")]
    assert all(href.startswith("#") for href in root.xpath("//a[not(@download)]/@href"))
    assert all(href.startswith("data:text/csv") for href in root.xpath("//a[@download]/@href"))
    assert HOSTILE in root.find(".//mark").text_content()
    assert HOSTILE in root.find(".//h1").getnext().text_content()
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}'; style-src")
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")


def test_the_page_needs_nothing_but_itself():
    html = usual_html()
    root = parsed(html)
    assert not root.xpath("//@src | //link | //@style[contains(., 'url')] | //@*[local-name()='xlink:href']")
    assert not re.search(r"url\(|@import", html)
    assert set(root.xpath("//a[not(starts-with(@href, '#') or @download)]/@rel")) == {"noopener noreferrer"}


@pytest.mark.parametrize("tables", [corpus_tables, hostile_tables, nothing])
def test_every_link_on_the_page_leads_somewhere(tables):
    root = page(tables())
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = root.xpath("//a[starts-with(@href, '#')]/@href")
    assert links
    assert {link[1:] for link in links} <= set(ids)
    assert set(root.xpath("//@aria-labelledby")) <= set(ids)


def test_every_table_and_chart_can_be_read_without_eyes():
    root = page()
    for table in root.iter("table"):
        assert text(table.find("caption"))
        assert all(head.get("scope") in {"row", "col", "rowgroup"} for head in table.iter("th"))
    charts = root.xpath("//*[local-name()='svg']")
    for figure in root.iter("figure"):
        wide, narrow = (len(figure.xpath(f"./div[@class='{name}']/*")) for name in ("wide", "narrow"))
        assert wide == narrow >= 1
    assert all(chart.get("role") == "img" and len(chart.get("aria-label")) > 40 for chart in charts)
    headings = [int(element.tag[1]) for element in root.iter("h1", "h2", "h3")]
    assert headings[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(headings))


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_reach_AA_in_both_themes_and_in_print():  # noqa: N802
    css = (ROOT / "pipeline/report/templates/page.css").read_text(encoding="utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): #(\w+)", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)
    ]
    assert len(themes) == 3

    def ratio(theme: dict, one: str, other: str) -> float:
        low, high = sorted(luminance(theme[name]) for name in (one, other))
        return (high + 0.05) / (low + 0.05)

    for theme in themes:
        for words in ("ink", "quiet", "link", "favor", "against", "neutral"):
            assert ratio(theme, words, "paper") >= 4.5, (words, theme)
        for picture in ("mark", "mark-soft", "us", "canada", "other", "unknown"):
            assert ratio(theme, picture, "paper") >= 3, (picture, theme)
        assert ratio(theme, "ink", "highlight") >= 7, theme
        assert ratio(theme, "ink", "panel") >= 7, theme


def test_axes_count_in_whole_numbers():
    assert [whole_ticks(n) for n in (1, 4, 5, 68, 1000)] == [
        [0, 1],
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4, 5],
        [0, 20, 40, 60],
        [0, 200, 400, 600, 800, 1000],
    ]


def test_the_same_tables_give_the_same_bytes_and_stay_as_they_were():
    tables, untouched = corpus_tables(), corpus_tables()
    shuffled = {name: table.iloc[::-1].reset_index(drop=True) for name, table in corpus_tables().items()}
    assert build(tables) == build(tables) == build(shuffled)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, untouched[name])


def test_findings_alone_as_text():
    tables = corpus_tables()
    rows = [
        contrast(),
        contrast(contrast="other", low=-0.1),
        contrast(contrast="thin", status="described", q=None),
    ]
    tables["contrasts"] = frame(CONTRASTS, rows)
    assert build(tables, about="What it is.")["findings.md"] == (
        "# Mine\n\nWhat it is.\n\n"
        "Net stance runs from −1 (all statements against) to +1 (all in favor).\n\n"
        "- Canadian speakers on a close partnership (from 20 January 2025): net stance from −0.50 to +0.50, "
        "a change of +1.00 (95% interval +0.60 to +1.30); 21 and 22 labelled articles.\n\n"
        "- Canadian speakers on a close partnership (from 20 January 2025): no change shown; net stance from −0.50 "
        "to +0.50, a change of +1.00 (95% interval −0.10 to +1.30); 21 and 22 labelled articles.\n\n"
        "1 comparison cannot be claimed yet; the report says what each would take.\n"
    )
    assert (
        "none of this corpus is labelled"
        in build({**tables, "contrasts": CONTRASTS.empty(), "labelled_articles": LABELLED_ARTICLES.empty()})[
            "findings.md"
        ]
    )


def test_findings_alone_as_a_table():
    tables = corpus_tables()
    tables["contrasts"] = frame(
        CONTRASTS, [contrast(), contrast(contrast="thin", low=None, status="described")]
    )
    rows = list(csv.DictReader(build(tables)["findings.csv"].splitlines()))
    assert [(row["contrast"], row["standing"]) for row in rows] == [
        ("partnership", "change"),
        ("thin", "described"),
    ]
    assert rows[0]["sentence"].startswith(
        "Canadian speakers on a close partnership (from 20 January 2025): net"
    )
    assert (rows[0]["after_from"], rows[0]["low"], rows[1]["low"]) == ("2025-01-20", "0.6", "")
    assert rows[0]["n_labelled_before"] == "21"


# What stands beside the tables


def test_about_and_digest_of_a_folder_and_of_a_file(tmp_path):
    folder = tmp_path / "mine"
    (folder / "sub").mkdir(parents=True)
    (folder / "about.md").write_text("My own clippings.\n", encoding="utf-8")
    (folder / "sub" / "a.txt").write_text("a", encoding="utf-8")
    params = read_params(ROOT / "params.yaml")

    def beside(path: str) -> dict:
        corpora = {"mine": Corpus(path=path, period_kind="month")}
        return stage._surroundings("mine", params.model_copy(update={"corpora": corpora}))

    whole, file = beside(str(folder)), beside(str(folder / "sub" / "a.txt"))
    assert (whole["about"], file["about"]) == ("My own clippings.", "")
    of_a = hashlib.sha256(b"a").hexdigest()
    of_about = hashlib.sha256(b"My own clippings.\n").hexdigest()
    listing = f"{of_about}  about.md\n{of_a}  sub/a.txt\n".encode()
    assert file["inputs"] == InputFiles(1, 1, of_a)
    assert whole["inputs"] == InputFiles(2, 19, hashlib.sha256(listing).hexdigest())
