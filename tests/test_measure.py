import datetime
import shutil
import zlib

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student

from pipeline import store
from pipeline.coding import choices_of, code_by_gold, code_by_model
from pipeline.params import Measure
from pipeline.sources.contrasts import ContrastError, check_contrasts
from pipeline.stages import measure as stage
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.series import SERIES
from tests.imports import ROOT

TARGETS = ["us_tariffs", "trade_pact"]
GROUPS = {"metals": "trade", "norad_arctic": "security", "off_topic": "neither"}
CHOICES = choices_of(TARGETS, list(GROUPS))
TABLES = {table.name: table.empty() for table in stage.TABLES}
PARAMS = Measure(
    confidence=0.95,
    resamples=500,
    seed=49,
    population="corpus",
    claim_articles=20,
    census_claim_articles=8,
    census_share=0.8,
    prediction_powered_articles=100,
)


def day(text):
    return datetime.date.fromisoformat(text)


def contrast(name="canada_tariffs", **changes):
    return {
        "contrast": name,
        "label": "Canadian speakers on U.S. tariffs",
        "corpora": ["sample"],
        "family": "stance",
        "subject": "us_tariffs",
        "group": "canada",
        "turning_point": None,
        "before": {"from": day("2024-01-01"), "to": day("2024-06-30")},
        "after": {"from": day("2024-07-01"), "to": day("2024-12-31")},
    } | changes


def articles(*rows):
    """Labelled articles of rows (id, date or None, stratum, probability, story)."""
    frame = pd.DataFrame(rows, columns=["id", "date", "stratum", "probability", "story"])
    ordered = frame.sort_values(["date", "id"], na_position="last")
    return pd.DataFrame(
        {
            "article_id": frame["id"],
            "corpus": "sample",
            "source_id": frame["id"],
            "published_date": pd.to_datetime(frame["date"]),
            "relevant": True,
            "theme": "metals",
            "stratum": frame["stratum"],
            "inclusion_probability": frame["probability"].astype(float),
            "story_id": frame["story"],
            "story_stratum": frame["story"].map(ordered.groupby("story")["stratum"].first()),
            "fold": 0,
            "outlet_country": "us",
            "title": "A headline",
            "text": "A sentence.",
        }
    )


def sentences(*rows):
    """Labelled sentences of rows (article, position, target, stance, side)."""
    frame = pd.DataFrame(rows, columns=["article", "position", "target", "stance", "side"])
    is_statement = frame["target"] != "none"
    return pd.DataFrame(
        {
            "sentence_id": frame["article"] + "-" + frame["position"].astype(str).str.zfill(4),
            "target": frame["target"],
            "holder": is_statement.map({True: "a minister", False: ""}),
            "raw_start": frame["position"] * 100,
            "article_id": frame["article"],
            "position": frame["position"],
            "text": "A sentence.",
            "stance": frame["stance"],
            "holder_side": frame["side"],
            "holder_kind": is_statement.map({True: "government", False: "unknown"}),
        }
    )


ARTICLES = articles(
    # d and e are one story of stratum 2024H2; e, undated, stands in 2025H1; 2025H1's only story joins 2024H2
    ("a", "2024-01-01", "2024H1", 0.5, "a"),  # weight 2; the first day counts
    ("b", "2024-06-30", "2024H1", 1.0, "b"),  # weight 1; the last day counts
    ("c", "2024-07-01", "2024H2", 0.8, "c"),  # weight 1.25, no statement
    ("d", "2024-12-31", "2024H2", 0.8, "d"),
    ("e", None, "2025H1", 0.5, "d"),
    ("f", "2024-08-01", "2024H2", 0.8, "f"),
    ("g", "2025-01-01", "2025H1", 0.5, "g"),  # in neither period
)
SENTENCES = sentences(
    ("a", 0, "us_tariffs", "favor", "canada"),
    ("a", 1, "us_tariffs", "neutral", "canada"),
    ("a", 2, "us_tariffs", "against", "us"),
    ("a", 3, "trade_pact", "against", "canada"),
    ("a", 4, "none", "none", "unknown"),
    ("b", 0, "us_tariffs", "against", "canada"),
    ("c", 0, "none", "none", "unknown"),
    ("d", 0, "us_tariffs", "against", "canada"),
    ("d", 1, "us_tariffs", "against", "canada"),
    ("e", 0, "us_tariffs", "favor", "canada"),
    ("f", 0, "us_tariffs", "favor", "canada"),
    ("g", 0, "us_tariffs", "favor", "canada"),
)


def measure(articles, sentences, contrasts, corpus, params, tables=TABLES):
    """The contrasts alone, of labels and of what the models make of the tables."""
    gold = code_by_gold(articles, sentences, GROUPS, corpus)
    declared = [each for each in contrasts if corpus in each["corpora"]]
    model = code_by_model(tables, GROUPS)
    return stage.measure(model, gold, declared, list(GROUPS), [], "month", params).contrasts


def only_row(*arguments):
    frame = measure(*arguments)
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_contrast_by_hand():
    row = only_row(ARTICLES, SENTENCES, [contrast()], "sample", PARAMS)
    before = (2 * 1 - 1 * 1) / (2 * 2 + 1 * 1)
    after = (1.25 * -2 + 1.25 * 1) / (1.25 * 2 + 1.25 * 1)
    assert row["before"] == pytest.approx(before)
    assert row["after"] == pytest.approx(after)
    assert row["change"] == pytest.approx(after - before)
    assert row["evidence"] == ["a-0000", "a-0001", "b-0000", "d-0000", "d-0001", "f-0000"]
    assert (row["n_labelled_before"], row["n_labelled_after"]) == (2, 2)
    assert (row["status"], row["population"], row["method"]) == ("described", "corpus", "gold")
    assert (row["before_from"], row["after_to"]) == (day("2024-01-01"), day("2024-12-31"))

    rng = np.random.default_rng([49, zlib.crc32(b"canada_tariffs")])
    scale = np.sqrt(1 - 2 / 3)
    counts = rng.multinomial(1, [1 / 2] * 2, size=500)  # a, b
    a, b = (1 - scale + scale * 2 * counts).T
    scale = np.sqrt(1 - 5 / (3 * 1.25 + 2 * 2))
    counts = rng.multinomial(3, [1 / 4] * 4, size=500)  # c, f, d with e, g, in order of publication
    _, f, d, _ = (1 - scale + scale * 4 / 3 * counts).T
    changes = (d * -2 + f) / (d * 2 + f) - (a * 2 - b) / (a * 4 + b)
    stretch = student.ppf(0.975, 1) / student.ppf(0.975, np.inf)  # two stories bear on either side
    ends = row["change"] + stretch * (np.quantile(changes, [0.025, 0.975]) - row["change"])
    assert [row["low"], row["high"]] == pytest.approx(np.clip(ends, -2, 2).tolist())


def test_described_contrasts_are_not_tested():
    row = only_row(ARTICLES, SENTENCES, [contrast()], "sample", PARAMS)
    assert row["low"] <= row["change"] <= row["high"]
    assert pd.isna(row["p"])
    assert pd.isna(row["q"])


def test_a_period_without_statements_has_no_change():
    later = contrast(after={"from": day("2024-07-01"), "to": day("2024-07-31")})
    row = only_row(ARTICLES, SENTENCES, [later], "sample", PARAMS)
    assert row["before"] == pytest.approx(0.2)
    assert row[["after", "change", "low", "high", "p", "q", "n_needed"]].isna().all()
    assert row["n_labelled_after"] == 0


def many(before, after, labelled_probability=0.5, idle=0):
    """Articles that bear on a contrast in each period, and idle ones in either, all in one stratum."""
    rows, statements = [], []
    for month, bearing in (("2024-02", before), ("2024-08", after)):
        for number in range(bearing + idle):
            name = f"{month}-{number:02}"
            rows.append((name, f"{month}-15", "2024", labelled_probability, name))
            if number < bearing:
                stance = "favor" if (number + (month == "2024-08")) % 3 else "against"
                statements.append((name, 0, "us_tariffs", stance, "canada"))
    return articles(*rows), sentences(*statements)


@pytest.mark.parametrize(
    ("before", "after", "probability", "status"),
    [
        (20, 20, 0.5, "claim"),
        (19, 20, 0.5, "described"),
        (20, 19, 0.5, "described"),
        (8, 20, 0.8, "claim"),
        (8, 8, 0.8, "claim"),
        (7, 8, 0.8, "described"),
        (8, 20, 0.79, "described"),
    ],
)
def test_the_bar_for_a_claim(before, after, probability, status):
    row = only_row(*many(before, after, probability), [contrast()], "sample", PARAMS)
    assert row["status"] == status
    assert pd.isna(row["p"]) == pd.isna(row["q"]) == (status == "described")
    assert (row["n_needed"] == 0) == (status == "claim")


def test_what_a_claim_would_need():
    # 10 of 15 labelled bear: 10 more need 15, as many as are left unlabelled; four fifths of 30 need 9
    row = only_row(*many(10, 10, 0.5, idle=5), [contrast()], "sample", PARAMS)
    assert row["n_needed"] == 18


def test_p_and_q_of_two_claims():
    tables = many(20, 21)
    short = contrast("short", after={"from": day("2024-09-01"), "to": day("2024-12-31")})
    frame = measure(*tables, [contrast("one"), contrast("two"), short], "sample", PARAMS)
    assert frame["contrast"].tolist() == ["one", "short", "two"]
    one, two = frame.iloc[0], frame.iloc[2]
    assert one["low"] != two["low"]  # each contrast has a generator of its own
    p = sorted([one["p"], two["p"]])
    assert sorted([one["q"], two["q"]]) == pytest.approx([min(2 * p[0], p[1]), p[1]])
    width = norm.isf(one["p"] / 2)
    assert abs(one["change"]) / width == pytest.approx((one["high"] - one["low"]) / (2 * 1.96), rel=0.15)


def test_a_claim_needs_an_interval():
    labelled, statements = many(20, 20)
    story = labelled["article_id"].iloc[0]
    one_story = labelled.assign(story_id=story)
    row = only_row(one_story, statements, [contrast()], "sample", PARAMS)
    assert row["status"] == "described"
    assert pd.isna(row["n_needed"])


def test_only_the_corpus_counts():
    stranger = ARTICLES.assign(corpus="other", article_id=ARTICLES["article_id"] + "x")
    both = pd.concat([ARTICLES, stranger], ignore_index=True)
    contrasts = [contrast(), contrast("elsewhere", corpora=["other"])]
    pd.testing.assert_frame_equal(
        measure(both, SENTENCES, contrasts, "sample", PARAMS),
        measure(ARTICLES, SENTENCES, [contrast()], "sample", PARAMS),
    )


def test_two_statements_of_one_sentence_both_count():
    second = SENTENCES.iloc[[0]].assign(raw_start=7)
    both = pd.concat([SENTENCES, second], ignore_index=True)
    row = only_row(ARTICLES, both, [contrast()], "sample", PARAMS)
    assert row["before"] == pytest.approx((2 * 2 - 1 * 1) / (2 * 3 + 1 * 1))
    assert row["evidence"] == ["a-0000", "a-0001", "b-0000", "d-0000", "d-0001", "f-0000"]


@pytest.mark.parametrize("corpus", ["mine", "other"])
def test_a_corpus_without_labels_or_contrasts_gives_no_rows(corpus):
    frame = measure(ARTICLES, SENTENCES, [contrast(corpora=["sample", "mine"])], corpus, PARAMS)
    assert CONTRASTS.conform(frame).num_rows == 0


def test_the_process_has_wider_intervals_than_the_corpus():
    tables = many(20, 20)
    rows = [
        only_row(*tables, [contrast()], "sample", PARAMS.model_copy(update={"population": population}))
        for population in ("corpus", "process")
    ]
    assert rows[0]["change"] == rows[1]["change"]
    assert rows[1]["high"] - rows[1]["low"] > 1.2 * (rows[0]["high"] - rows[0]["low"])
    assert rows[1]["population"] == "process"


def test_labels_that_disagree_on_a_story_are_refused():
    strayed = ARTICLES.assign(story_stratum=ARTICLES["stratum"])
    with pytest.raises(ValueError, match=r"labelled article e: story_stratum 2025H1 is not .*dvc repro"):
        measure(strayed, SENTENCES, [contrast()], "sample", PARAMS)


@given(st.randoms(use_true_random=False))
@settings(deadline=None, derandomize=True, max_examples=10)
def test_the_order_of_rows_changes_nothing_and_no_input_is_changed(random):
    def shuffled(frame):
        return frame.iloc[random.sample(range(len(frame)), len(frame))]

    inputs = shuffled(ARTICLES), shuffled(SENTENCES)
    copies = [frame.copy(deep=True) for frame in inputs]
    contrasts = [contrast("one"), contrast("two")]
    random.shuffle(contrasts)
    wanted = measure(ARTICLES, SENTENCES, [contrast("one"), contrast("two")], "sample", PARAMS)
    pd.testing.assert_frame_equal(measure(*inputs, contrasts, "sample", PARAMS), wanted)
    for found, copy in zip(inputs, copies, strict=True):
        pd.testing.assert_frame_equal(found, copy)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subject": "us_tarifs"}, "contrast c: subject 'us_tarifs' is none of us_tariffs, trade_pact"),
        ({"group": "mexico"}, "contrast c: group 'mexico' is none of us, canada, other, unknown"),
        ({"family": "topic"}, "contrast c: family 'topic' is none of stance, theme, theme_group"),
        ({"family": "theme"}, "contrast c: subject 'us_tariffs' is none of metals, norad_arctic"),
        (
            {"family": "theme", "subject": "off_topic"},
            "contrast c: subject 'off_topic' is none of metals, norad_arctic",
        ),
        (
            {"family": "theme_group", "subject": "security", "group": "everyone"},
            "contrast c: group 'everyone' is none of all, us, canada, other, unknown",
        ),
        ({"label": 3}, "contrast c: label must be text, not 3; quote it"),
        ({"corpora": "sample"}, "contrast c: corpora must be a list of names"),
        ({"colour": "red"}, r"contrast c: keys missing \[\], not known \['colour'\]; the keys are contrast,"),
        ({"before": {"from": day("2024-01-01")}}, "contrast c: before must have the keys from and to"),
        (
            {"before": {"from": "1 May", "to": day("2024-05-31")}},
            "contrast c: before.from '1 May' is no date; write it as 2025-01-31, without quotes",
        ),
        (
            {"after": {"from": day("2024-12-31"), "to": day("2024-07-01")}},
            "contrast c: after runs from 2024-12-31 to 2024-07-01; swap the two dates",
        ),
        (
            {"after": {"from": day("2024-06-30"), "to": day("2024-12-31")}},
            "contrast c: before ends on 2024-06-30 and after begins on 2024-06-30; the periods may not overlap",
        ),
    ],
)
def test_an_unusable_contrast_is_refused(changes, message):
    with pytest.raises(ContrastError, match=message):
        check_contrasts([contrast("c") | changes], CHOICES)


def test_contrasts_with_a_key_missing_are_refused():
    short = {key: value for key, value in contrast().items() if key != "group"}
    with pytest.raises(ContrastError, match=r"contrast canada_tariffs: keys missing \['group'\]"):
        check_contrasts([short], CHOICES)


def test_a_name_may_stand_once():
    with pytest.raises(ContrastError, match="contrast c: the name stands twice; give one of them another"):
        check_contrasts([contrast("c"), contrast("c")], CHOICES)


@pytest.mark.parametrize("declared", [None, {"contrast": "c"}, ["c"]])
def test_contrasts_must_be_a_list(declared):
    with pytest.raises(ContrastError, match=r"contrasts.yaml must be a list of contrasts, each with keys"):
        check_contrasts(declared, CHOICES)


def test_the_contrasts_of_the_seeds_can_be_estimated():
    targets = [target["target"] for target in store.read_yaml(ROOT / "seeds/targets.yaml")]
    themes = [row["theme"] for row in store.read_csv(ROOT / "seeds/themes.csv", ("theme",))]
    assert check_contrasts(store.read_yaml(ROOT / "seeds/contrasts.yaml"), choices_of(targets, themes))


def share(name="metals_share", **changes):
    return contrast(name, family="theme", subject="metals", group="all") | changes


# Of the articles of the first period a (weight 2) and b (1) are labelled, of the second c, d and f (1.25 each).
THEMED = ARTICLES.assign(
    theme=["metals", "norad_arctic", "metals", "off_topic", "metals", "off_topic", "metals"],
    outlet_country=["us", "canada", "us", "us", "us", "canada", "us"],
)


def test_a_share_by_hand():
    row = only_row(THEMED, SENTENCES, [share()], "sample", PARAMS)
    assert (row["before"], row["after"]) == (pytest.approx(2 / 3), pytest.approx(1.25 / 3.75))
    assert row["change"] == pytest.approx(1 / 3 - 2 / 3)
    assert row["evidence"] == [
        "a",
        "c",
    ]  # the articles that have the theme; e is undated, g in neither period
    assert (row["n_labelled_before"], row["n_labelled_after"]) == (2, 3)
    assert (row["status"], row["method"]) == ("described", "gold")
    assert -1 <= row["low"] <= row["change"] <= row["high"] <= 1


def test_a_share_is_of_the_articles_of_its_outlets():
    row = only_row(THEMED, SENTENCES, [share(group="us")], "sample", PARAMS)
    assert (row["before"], row["after"]) == (1, 0.5)
    assert (row["n_labelled_before"], row["n_labelled_after"]) == (1, 2)


def test_a_theme_group_holds_its_themes():
    security = share(family="theme_group", subject="security")
    row = only_row(THEMED, SENTENCES, [security], "sample", PARAMS)
    assert (row["before"], row["after"]) == (pytest.approx(1 / 3), 0)


def powered(theme_of_model, labelled=8):
    """A corpus of 20 articles a period, some labelled; every second has the theme; with what the model finds."""
    names = [f"{month}-{number:02}" for month in ("2024-02", "2024-08") for number in range(20)]
    gold = ["metals" if int(name[-2:]) % 2 else "off_topic" for name in names]
    is_labelled = [int(name[-2:]) < labelled for name in names]
    rows = [
        (name, f"{name[:7]}-15", "2024", labelled / 20, name)
        for name, each in zip(names, is_labelled, strict=True)
        if each
    ]
    themes = [theme for theme, each in zip(gold, is_labelled, strict=True) if each]
    found = [theme_of_model(int(name[-2:]), theme) for name, theme in zip(names, gold, strict=True)]
    dates = pd.to_datetime([f"{name[:7]}-15" for name in names])
    ids = pd.DataFrame({"article_id": names})
    tables = TABLES | {
        "coverage": ids.assign(published_date=dates, outlet_country="us"),
        "stories": ids.assign(story_id=names),
        "article_relevance": ids.assign(theme=found),
    }
    return articles(*rows).assign(theme=themes), SENTENCES, tables


POWERED = PARAMS.model_copy(update={"prediction_powered_articles": 8})


def test_a_large_sample_is_completed_by_the_models_count():
    wrong_on = (0, 2, 4, 19)  # of 0, 2 and 4, labelled and off topic, the model says metals; it misses 19
    labelled, statements, tables = powered(
        lambda number, theme: ("metals" if number < 19 else "off_topic") if number in wrong_on else theme
    )
    row = measure(labelled, statements, [share()], "sample", POWERED, tables).iloc[0]
    # the model says metals of 7 of the 8 labelled articles and of 12 of all 20, where gold says 4 of 8
    trust = (4 * 0.5 * 1 / 8 - 3 * 0.5 * 1 / 8 + 0.5 * 7 / 8) / (7 * (1 / 8) ** 2 + (7 / 8) ** 2)
    wanted = 4 / 8 + trust * (12 / 20 - 7 / 8)
    assert (row["before"], row["after"]) == (pytest.approx(wanted), pytest.approx(wanted))
    assert row["method"] == "prediction_powered"
    assert row["low"] < 0 < row["high"]
    by_gold = measure(labelled, statements, [share()], "sample", PARAMS, tables).iloc[0]
    assert (by_gold["before"], by_gold["method"]) == (0.5, "gold")


def test_a_small_sample_is_not():
    short = PARAMS.model_copy(update={"prediction_powered_articles": 9})
    labelled, statements, tables = powered(lambda number, theme: "metals")
    assert measure(labelled, statements, [share()], "sample", short, tables).iloc[0]["method"] == "gold"


def test_where_the_model_shows_no_errors_gold_alone_says_how_sure():
    labelled, statements, tables = powered(lambda number, theme: theme if number < 8 else "off_topic")
    row = measure(labelled, statements, [share()], "sample", POWERED, tables).iloc[0]
    assert (row["before"], row["method"]) == (0.5, "gold")
    assert row["low"] < 0 < row["high"]


def test_the_process_is_less_sure_than_the_corpus_of_what_the_model_counts_too():
    labelled, statements, tables = powered(lambda number, theme: "metals" if number in (0, 2, 4) else theme)
    corpus, process = (
        measure(
            labelled,
            statements,
            [share()],
            "sample",
            POWERED.model_copy(update={"population": population}),
            tables,
        ).iloc[0]
        for population in ("corpus", "process")
    )
    assert corpus["method"] == process["method"] == "prediction_powered"
    assert process["change"] == pytest.approx(corpus["change"])
    assert process["high"] - process["low"] > 1.2 * (corpus["high"] - corpus["low"])


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", tmp_path)
    texts = {"outlet_country": "us", "title": "Title", "text": "Text."}
    store.write_table(store.LABELS, LABELLED_ARTICLES, ARTICLES.assign(**texts))
    store.write_table(store.LABELS, LABELLED_SENTENCES, SENTENCES)
    for table in stage.TABLES:
        store.write_table(store.corpus_folder("sample"), table, table.empty())
    themes = [f"{theme},{group}" for theme, group in GROUPS.items()]
    store.write_text(store.SEEDS / "themes.csv", "\n".join(["theme,group", *themes]))
    for name, value in (
        ("contrasts", [contrast()]),
        ("targets", [{"target": target} for target in TARGETS]),
    ):
        store.write_text(store.SEEDS / f"{name}.yaml", yaml.safe_dump(value))
    return tmp_path


def test_main_reads_and_writes_tables(project, capsys):
    stage.main("sample")
    written = store.read_table(store.corpus_folder("sample"), CONTRASTS)
    assert written["contrast"].tolist() == ["canada_tariffs"]
    assert written["evidence"][0] == ["a-0000", "a-0001", "b-0000", "d-0000", "d-0001", "f-0000"]
    assert store.read_table(store.corpus_folder("sample"), SERIES).empty
    assert capsys.readouterr().err == ""


def test_main_says_when_there_is_nothing_to_measure(project, capsys):
    store.write_text(store.SEEDS / "contrasts.yaml", yaml.safe_dump([contrast(corpora=["mine"])]))
    stage.main("sample")
    assert store.read_table(store.corpus_folder("sample"), CONTRASTS).empty
    assert (
        capsys.readouterr().err == "measure: corpus sample has no labels or no contrasts in contrasts.yaml\n"
    )
