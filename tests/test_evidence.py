"""What stands behind a claim: the statements or articles that it counts, and the list of all statements."""

import functools
import json

import lxml.html
import numpy as np
import pandas as pd
import pytest

from pipeline.coding import code_by_gold, code_by_model
from pipeline.contrasts import estimate
from pipeline.params import read_params
from pipeline.report import explorer
from pipeline.tables.articles import ARTICLES
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.sentences import SENTENCES
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE
from pipeline.tables.words import STANCES
from tests.imports import ROOT
from tests.test_report import HOSTILE, TARGETS, THEMES, contrast, corpus_tables, days, frame, parsed, text
from tests.test_report import build as build_report

ARTICLES_IN_ALL = 40
UNDATED = 7  # the article of that number has no date
OTHER_TARGET = {
    **TARGETS[0],
    "target": "us_tariffs",
    "label": "U.S. tariffs",
    "wording": "Tariffs are right.",
}
OUTLETS = ["Le Québécois", 'The "Post", Ltd', "=cmd|' /C calc'!A0", ""]
HOLDERS = ["François Legault", "O’Brien", "-Ann", "+Bob, Jr.", HOSTILE, "tab\tand\nline"]
TEXTS = ["Mills hope", "@everyone said “no”", '=SUM(1,2) "quoted", once', "Ottawa’s line\nbroke", HOSTILE]
COLUMNS = [
    *(
        "coded_by",
        "date",
        "outlet",
        "title",
        "url",
        "holder",
        "holder_side",
        "holder_kind",
        "target",
        "stance",
    ),
    *("weight", "p_target", "p_stance", "sentence"),
]


def of(articles: int) -> list[str]:
    return [f"m{number:02d}" for number in range(articles)]


@functools.cache
def many_tables() -> dict[str, pd.DataFrame]:
    """Forty articles, one undated, three in four labelled, each of six sentences; statements of both coders."""
    rng = np.random.default_rng(49)
    ids = of(ARTICLES_IN_ALL)
    first = pd.Timestamp("2024-09-01")
    dates = {i: (first + pd.Timedelta(days=int(7 * n))).date() for n, i in enumerate(ids)}
    dates[ids[UNDATED]] = None
    labelled = [i for i in ids if int(i[1:]) % 4 and dates[i]]
    countries = ["us", "canada", "canada"]
    themes = ["metals", "lumber", "nato_spending", "off_topic", "metals"]
    urls = ["https://example.org/{}?a=1&b=2", "javascript:alert(1)", None, "HTTP://example.org/{}"]
    sentences = [
        {
            "sentence_id": f"{i}-{n:04d}",
            "article_id": i,
            "position": n,
            "text": f"{TEXTS[(k + n) % 5]} {i} {n}.",
        }
        for k, i in enumerate(ids)
        for n in range(6)
    ]
    of_text = {row["sentence_id"]: row["text"] for row in sentences}

    def stated(articles: list[str], number: int) -> list[dict]:
        rows = {}
        for _ in range(number):
            i, n = rng.choice(articles), int(rng.integers(6))
            row = {
                "sentence_id": f"{i}-{n:04d}",
                "article_id": i,
                "position": n,
                "text": of_text[f"{i}-{n:04d}"],
                "target": rng.choice(["close_partnership", "us_tariffs"]),
                "stance": rng.choice(STANCES),
                "holder": rng.choice(HOLDERS),
                "holder_side": rng.choice(["us", "canada", "other"]),
                "holder_kind": rng.choice(["government", "civil_society"]),
            }
            rows[row["sentence_id"], row["target"], row["holder"]] = row
        return list(rows.values())

    modelled = stated(ids, 160)
    for row in modelled:
        rest = rng.dirichlet([1, 1]) * (1 - (sure := rng.uniform(0.5, 1)))
        others = [stance for stance in STANCES if stance != row["stance"]]
        row |= {f"p_{row['stance']}": sure, **{f"p_{name}": p for name, p in zip(others, rest, strict=True)}}
        row["p_target"] = rng.uniform(0.5, 1)
    tables = {
        "articles": frame(
            ARTICLES,
            [
                {"article_id": i, "source_id": i, "line": n, "url": url and url.format(i)}
                for n, i in enumerate(ids, start=1)
                for url in [urls[n % 4]]
            ],
            **{"path": "m.jsonl", "outlet": "", "title": "", "body": "Canada.", "extra": "{}"},
            published_at=None,
            language=None,
        ),
        "coverage": frame(
            COVERAGE,
            [
                {"article_id": i, "source_id": i, "published_date": dates[i], "outlet": OUTLETS[n % 4]}
                | {"title": f'{TEXTS[n % 5]} "{i}"', "outlet_country": countries[n % 3]}
                for n, i in enumerate(ids)
            ],
            **{"genre": "news", "text": "Canada and the United States.", "language": "en"},
            word_count=5,
            raw_spans=[],
        ),
        "stories": frame(STORIES, [{"article_id": i, "story_id": i} for i in ids], similarity=1.0),
        "sentences": frame(SENTENCES, sentences, start=0, end=1),
        "article_relevance": frame(
            ARTICLE_RELEVANCE,
            [{"article_id": i, "theme": themes[n % 5]} for n, i in enumerate(ids)],
            **{"is_relevant": True, "relevance": 0.9, "passes_gate": True, "fold": -1},
        ),
        "statements": frame(
            STATEMENTS, [{name: row[name] for name in STATEMENTS.schema.names} for row in modelled]
        ),
        "labelled_articles": frame(
            LABELLED_ARTICLES,
            [
                {"article_id": i, "source_id": i, "story_id": i, "published_date": dates[i]}
                | {"inclusion_probability": [0.3, 0.5, 0.7][n % 3], "theme": themes[n % 5]}
                | {"outlet_country": countries[int(i[1:]) % 3]}
                for n, i in enumerate(labelled)
            ],
            **{"corpus": "mine", "title": "", "text": "", "relevant": True, "fold": 0},
            **{"stratum": "s", "story_stratum": "s"},
        ),
        "labelled_sentences": frame(LABELLED_SENTENCES, stated(labelled, 200), raw_start=0),
    }
    empty = {name: table.iloc[:0] for name, table in corpus_tables().items()}
    whole = {**empty, **tables}
    return {**whole, "contrasts": frame(CONTRASTS, estimated(whole))}


def estimated(tables: dict[str, pd.DataFrame], **changes) -> list[dict]:
    """Contrasts of a stance, of a theme and of a theme group, as the stage `measure` estimates them."""
    params = read_params(ROOT / "params.yaml").measure.model_copy(update={"resamples": 99, **changes})
    groups = {theme["theme"]: theme["group"] for theme in THEMES}
    gold = code_by_gold(tables["labelled_articles"], tables["labelled_sentences"], groups, "mine")
    model = code_by_model(tables, groups)
    days_of = {
        "before": {"from": days("2024-01-01")[0], "to": days("2025-01-19")[0]},
        "after": {"from": days("2025-01-20")[0], "to": days("2025-12-31")[0]},
    }
    declared = [
        ("partnership", "stance", "close_partnership", "canada"),
        ("tariffs", "stance", "us_tariffs", "us"),
        ("metals", "theme", "metals", "canada"),
        ("security", "theme_group", "security", "all"),
    ]
    rows = []
    for name, family, subject, group in declared:
        row = {"contrast": name, "family": family, "subject": subject, "group": group, "label": "", **days_of}
        rows.append({**estimate(row, gold, model, params), "q": None})
    return rows


def build(tables: dict[str, pd.DataFrame] | None = None, **changes) -> str:
    """The page, its charts left empty: drawing them takes longer than all else."""
    settings = {"targets": [*TARGETS, OTHER_TARGET], "evidence_rows": 5000, **changes}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: "<svg ></svg>")
        return build_report(tables or many_tables(), **settings)["index.html"]


@functools.cache
def usual() -> str:
    return build()


def data_of(html: str) -> dict:
    return json.loads(parsed(html).get_element_by_id("statement-data").text)


def listed(html: str) -> pd.DataFrame:
    """What the page holds, as a table of its CSV's columns and the sentences around."""
    data = data_of(html)
    levels, articles = data["levels"], data["articles"]
    rows = pd.DataFrame(data["statements"])
    article = rows["article"]
    named = {name: rows[name].map(dict(enumerate(levels[name]))) for name in levels if name in rows}
    around = {name: rows[name].map(dict(enumerate(levels["text"]))) for name in ("before", "after")}
    of_article = {name: article.map(dict(enumerate(articles[name]))) for name in ("date", "title", "url")}
    outlet = article.map(dict(enumerate(articles["outlet"]))).map(dict(enumerate(levels["outlet"])))
    return rows.assign(**named, **around, **of_article, outlet=outlet, sentence=named["text"])


def expected(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The same straight from the tables, in the order of the page."""
    labelled = tables["labelled_articles"].set_index("article_id")
    gold = tables["labelled_sentences"].query("target != 'none'")
    gold = gold[gold["article_id"].isin(labelled.index)].assign(
        coded_by="gold", p_target=np.nan, p_stance=np.nan
    )
    gold["weight"] = 1 / gold["article_id"].map(labelled["inclusion_probability"])
    model = (
        tables["statements"]
        .merge(tables["sentences"], on="sentence_id")
        .assign(coded_by="model", weight=np.nan)
    )
    model["p_stance"] = model[["p_favor", "p_neutral", "p_against"]].max(axis=1)
    both = pd.concat([gold, model], ignore_index=True)
    covered, urls = (tables[name].set_index("article_id") for name in ("coverage", "articles"))
    for name, column in (("date", "published_date"), ("outlet", "outlet"), ("title", "title")):
        both[name] = both["article_id"].map(covered[column])
    both["url"] = both["article_id"].map(urls["url"]).fillna("")
    both["url"] = both["url"].where(both["url"].str.lower().str.startswith("http"), "")
    both = both.sort_values(["date", "article_id", "position", "coded_by", "raw_start", "target", "holder"])
    both["date"] = both["date"].dt.strftime("%Y-%m-%d").fillna("")
    return both.rename(columns={"text": "sentence"}).reset_index(drop=True)


def rows_of(table: lxml.html.HtmlElement) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in table.iter("tr")]


def behind(html: str, name: str) -> lxml.html.HtmlElement:
    (shown,) = parsed(html).xpath(f"//div[starts-with(@id, 'evidence-{name}-')]")
    return shown


# The list of statements


def test_the_page_holds_every_statement_of_both_coders_with_its_context():
    tables = many_tables()
    found, wanted = listed(usual()), expected(tables)
    assert len(found) > 250
    pd.testing.assert_frame_equal(found[COLUMNS], wanted[COLUMNS], check_dtype=False, rtol=1e-6)
    texts = tables["sentences"].set_index("sentence_id")["text"].to_dict()
    for name, step in (("before", -1), ("after", 1)):
        around = [
            texts.get(f"{article}-{position + step:04d}", "")
            for article, position in zip(wanted["article_id"], wanted["position"], strict=True)
        ]
        assert found[name].tolist() == around


def test_the_page_says_how_many_statements_are_by_whom():
    coders = expected(many_tables())["coded_by"].value_counts()
    told = text(parsed(usual()).get_element_by_id("evidence"))
    assert f"{coders['gold']} statements coded by gold labels, on which the findings rest." in told
    assert f"{coders['model']} statements as the stance model reads them" in told
    assert "Left out" not in told


def test_each_comparison_names_the_statements_that_it_counts():
    html = usual()
    found, comparisons = listed(html), data_of(html)["comparisons"]
    stated = many_tables()["contrasts"].query("family == 'stance'").to_dict("records")
    assert [name.partition("-")[0] for name in comparisons] == [row["contrast"] for row in stated]
    for periods, row in zip(comparisons.values(), stated, strict=True):
        gold = found[found["coded_by"] == "gold"]
        counted = gold[(gold["target"] == row["subject"]) & (gold["holder_side"] == row["group"])]
        assert periods["before"] == counted.query("date < '2025-01-20'").index.tolist()
        assert periods["after"] == counted.query("date >= '2025-01-20'").index.tolist()
        assert periods["before"]
        assert periods["after"]


@pytest.mark.parametrize("limit", [1, 20, 60, 200, 250])
def test_a_cut_list_keeps_what_counts_first_and_says_what_is_left_out(limit):
    whole, html = usual(), build(evidence_rows=limit)
    comparisons = data_of(whole)["comparisons"]
    counted = {place for each in comparisons.values() for places in each.values() for place in places}
    all_of = listed(whole).assign(rank=lambda rows: (rows["coded_by"] == "model") * 2)
    all_of.loc[~all_of.index.isin(counted) & (all_of["rank"] == 0), "rank"] = 1
    found = listed(html)
    assert len(found) == limit
    key = ["date", "title", "sentence", "target", "holder", "coded_by"]
    kept = found[key].merge(all_of, on=key).drop_duplicates(key)
    room = limit
    for rank, size in all_of["rank"].value_counts().sort_index().items():
        assert (kept["rank"] == rank).sum() == min(room, size)
        room -= min(room, size)
    left = all_of["coded_by"].value_counts() - found["coded_by"].value_counts().reindex(
        ["gold", "model"], fill_value=0
    )
    told = text(parsed(html).get_element_by_id("evidence"))
    for coder, path in (
        ("gold", "data/labels/labelled_sentences.parquet"),
        ("model", "data/mine/statements.parquet"),
    ):
        words = {"gold": "with gold labels", "model": "of the model’s"}[coder]
        assert (f"{left[coder]} {words}; all are in {path}" in told) == (left[coder] > 0)


def test_what_is_cut_is_evenly_spaced_in_time():
    html = build(evidence_rows=10)
    whole = usual()
    counted = sorted(
        place
        for each in data_of(whole)["comparisons"].values()
        for places in each.values()
        for place in places
    )
    shown = [counted[number * len(counted) // 10] for number in range(10)]
    assert listed(html)["sentence"].tolist() == listed(whole)["sentence"].iloc[shown].tolist()


def test_links_lead_to_web_addresses_alone():
    urls = set(listed(usual())["url"])
    assert {url[:8].lower() for url in urls} == {"", "https://", "http://e"}


def test_statements_of_hostile_words_are_data_and_no_tags():
    html = usual()
    assert HOSTILE in set(listed(html)["holder"])
    script = html.partition('id="statement-data">')[2].partition("</script>")[0]
    assert json.loads(script) == data_of(html)
    assert not set("<>&'") & set(script)


def test_many_outlets_are_typed_not_chosen(monkeypatch):
    outlets = ["outlet unknown", "=cmd|' /C calc'!A0", "Le Québécois", 'The "Post", Ltd']
    root = parsed(usual())
    assert [text(each) for each in root.xpath("//select[@name='outlet']/option")] == ["any", *outlets]
    monkeypatch.setattr(explorer, "OUTLETS_TO_CHOOSE", 3)
    root = parsed(build())
    assert not root.xpath("//select[@name='outlet']")
    (control,) = root.xpath("//input[@name='outlet_text']")
    assert root.xpath(f"//datalist[@id='{control.get('list')}']/option/@value") == outlets


def test_every_control_has_a_label():
    root = parsed(usual())
    controls = root.xpath("//form//select | //form//input")
    assert len(controls) == 11
    assert all(control.getparent().tag == "label" and text(control.getparent()) for control in controls)
    assert root.xpath("//input[@name='from']/@min") == ["2024-09-01"]


def test_without_labels_the_models_statements_can_be_read():
    tables = {**many_tables(), "labelled_articles": LABELLED_ARTICLES.empty(), "contrasts": CONTRASTS.empty()}
    root = parsed(build(tables))
    assert set(listed(build(tables))["coded_by"]) == {"model"}
    assert not root.xpath("//select[@name='comparison']")
    assert not root.xpath("//select[@name='coded_by']/option[@selected]")
    assert "gold labels" not in text(root.get_element_by_id("statements"))


def test_without_the_script_the_page_says_where_the_statements_are():
    root = parsed(usual())
    assert root.get_element_by_id("statements").get("hidden") is not None
    told = text(root.get_element_by_id("statements-need-scripts"))
    assert "data/labels/labelled_sentences.parquet" in told
    assert "data/mine/statements.parquet" in told


def test_the_same_statements_in_another_order_give_the_same_bytes():
    shuffled = {name: table.iloc[::-1].reset_index(drop=True) for name, table in many_tables().items()}
    assert usual() == build(shuffled)


# Behind each comparison


def test_a_few_statements_of_each_period_stand_beside_the_figures():
    html = usual()
    shown = behind(html, "partnership")
    before, after = shown.xpath(".//ol[@class='statements']")
    counted = next(
        each for name, each in data_of(html)["comparisons"].items() if name.startswith("partnership")
    )
    for part, places in ((before, counted["before"]), (after, counted["after"])):
        assert len(places) > len(part) == 6
        spaced = [places[number * len(places) // 6] for number in range(6)]
        texts = listed(html)["sentence"].iloc[spaced]
        assert [mark.text_content() for mark in part.iter("mark")] == texts.tolist()
    assert f"6 of {len(counted['before'])} statements, evenly spaced in time." in text(shown)


@pytest.mark.parametrize("name", ["partnership", "tariffs"])
def test_the_tally_gives_the_estimate_of_the_finding(name):
    (row,) = many_tables()["contrasts"].query("contrast == @name").to_dict("records")
    found = listed(usual()).query(
        "coded_by == 'gold' and target == @row['subject'] and holder_side == @row['group']"
    )
    lean = found["stance"].map({"favor": 1, "neutral": 0, "against": -1})
    table = rows_of(behind(usual(), name).find(".//table"))
    for line, period in ((1, "before"), (2, "after")):
        inside = (found["date"] < "2025-01-20") == (period == "before")
        stance = float((lean * found["weight"])[inside].sum() / found["weight"][inside].sum())
        assert stance == pytest.approx(row[period])
        assert table[line][-1] == f"{stance:+.2f}".replace("-", "−")
        assert table[line][-2].startswith(f"{inside.sum()} (")


@pytest.mark.parametrize("name", ["metals", "security"])
def test_the_articles_behind_a_share_give_the_estimate_of_the_finding(name):
    (row,) = many_tables()["contrasts"].query("contrast == @name").to_dict("records")
    assert row["method"] == "gold"
    html = usual()
    shown = behind(html, name)
    table = rows_of(shown.find(".//table"))
    lists = shown.xpath(".//ul[@class='headlines']")
    for line, period in enumerate(("before", "after"), start=1):
        having = int(table[line][1].split()[0])
        assert having == len(lists[line - 1])
        assert table[line][2].startswith(f"{row[f'n_labelled_{period}']} (")
        assert table[line][3] == f"{100 * row[period]:.1f}%"
    (finding,) = parsed(html).xpath(f"//li[starts-with(@id, 'finding-{name}-')]")
    assert text(finding.xpath("p[@class='to-evidence']")[0]) == (
        f"See the articles that it counts ({len(lists[0])} of {row['n_labelled_before']} before, "
        f"{len(lists[1])} of {row['n_labelled_after']} after)"
    )


def test_an_article_behind_a_share_stands_with_its_source_and_weight():
    shown = behind(usual(), "security")
    assert "Themes that count as security: nato spending." in text(shown)
    assert "The theme: steel and aluminum." in text(behind(usual(), "metals"))
    first = shown.xpath(".//ul[@class='headlines']/li")[0]
    tables = many_tables()
    labelled = (
        tables["labelled_articles"].query("theme == 'nato_spending'").sort_values("published_date").iloc[0]
    )
    covered = tables["coverage"].set_index("article_id").loc[labelled["article_id"]]
    day = labelled["published_date"]
    assert text(first) == " ".join(
        f"{covered['title']} {covered['outlet'] or 'outlet unknown'}, {day.day} {day:%b} {day.year} · nato spending "
        f"· weight {1 / labelled['inclusion_probability']:.2f}".split()
    )


def test_of_many_articles_behind_a_share_forty_a_period_are_shown():
    tables = {name: table.copy() for name, table in many_tables().items()}
    more = [tables["labelled_articles"].assign(theme="nato_spending")]
    more += [more[0].assign(article_id=more[0]["article_id"] + f"-{copy}") for copy in range(9)]
    tables["labelled_articles"] = pd.concat(more, ignore_index=True)
    ids = tables["labelled_articles"]["article_id"].tolist()
    row = contrast(
        contrast="security", family="theme_group", subject="security", group="all", label="", evidence=ids
    )
    html = build({**tables, "contrasts": frame(CONTRASTS, [row])})
    shown = behind(html, "security")
    assert [len(each) for each in shown.xpath(".//ul[@class='headlines']")] == [40, 40]
    total = rows_of(shown.find(".//table"))[1][1].split()[0]
    assert f"40 of {total} articles, evenly spaced in time; all are in data/mine/contrasts.parquet" in text(
        shown
    )


def test_where_models_complete_the_labels_both_shares_are_told():
    tables = many_tables()
    rows = tables["contrasts"].to_dict("records")
    completed = next(row for row in rows if row["contrast"] == "metals")
    by_labels = [f"{100 * completed[period]:.1f}%" for period in ("before", "after")]
    completed |= {"method": "prediction_powered", "before": 0.1234, "after": 0.4321}
    told = text(behind(build({**tables, "contrasts": frame(CONTRASTS, rows)}), "metals"))
    assert f"The weighted labels alone give {by_labels[0]} and {by_labels[1]}. The models’ counts" in told
    assert "complete them to 12.3% and 43.2%, as the finding says." in told
    assert "labels alone give" not in text(behind(usual(), "metals"))
