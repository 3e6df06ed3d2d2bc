"""Cleaning takes the site off and leaves the article, whatever the site."""

import json
import random

import pandas as pd
import pytest

from pipeline import store
from pipeline.params import read_params
from pipeline.stages.clean import clean
from pipeline.tables.articles import ARTICLES
from pipeline.tables.coverage import COVERAGE, DROPPED_ARTICLES, REMOVED_LINES
from pipeline.text.boilerplate import headline, is_standing, slug_parts
from pipeline.text.documents import CleaningRules, Document, clean_documents, document_of
from pipeline.text.language import detect_language
from pipeline.text.lines import repaired, split_lines
from pipeline.text.outlets import OUTLET_COLUMNS, known_outlets, one_spelling, outlet_key
from pipeline.text.passages import is_transcript
from tests.imports import ROOT

PAGES = ROOT / "tests/fixtures/pages"
EXPECTED = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))
RULES = CleaningRules.of(read_params(ROOT / "params.yaml").clean.model_dump())
OUTLETS = [
    {"outlet": "The Globe and Mail", "aliases": "globeandmail.com", "country": "canada", "kind": "press"},
    {"outlet": "White House", "aliases": "", "country": "us", "kind": "government"},
]


def cleaned(body, *, title="", outlet="Paper", stated=True, sections=(), language=""):
    document = Document(outlet, title, stated, body, sections, language)
    return next(iter(clean_documents([document], known_outlets(OUTLETS), RULES)))


def page(name):
    raw = (PAGES / name).read_text(encoding="utf-8")
    return cleaned(raw, title=raw.strip().splitlines()[0], stated=False)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])
def test_page_loses_its_furniture(expected):
    document = page(expected["file"])
    kept = document.text.split("\n\n")
    assert document.title == expected["title"]
    for line in expected["gone"]:
        assert line not in kept
        if line.startswith("|"):
            assert line not in document.text
    assert {line.reason for line in document.removed} <= {"site_furniture", "repeated_title"}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])
def test_page_keeps_its_article(expected):
    text = page(expected["file"]).text
    for sentence in (
        expected["kept"] + expected["narrator"] + [speaker["sentence"] for speaker in expected["speakers"]]
    ):
        assert sentence in text


def test_markup_entities_and_mojibake_are_mended():
    raw = "<p>Canadaâ€™s answer &amp; more.</p><!-- x --><p>Le <b>Qu\u0065\u0301bec</b> said [no](https://a.b/c).</p>"
    document = cleaned(raw)
    assert document.text == "Canada’s answer & more.\n\nLe Québec said no."
    assert repaired("Tariffs &amp; <i>quotas</i>") == "Tariffs & quotas"


def test_hard_wrapped_lines_become_paragraphs():
    raw = (
        "    The company said on Tuesday that it would raise the price of its\n"
        "    newsprint in the United States because the duties on lumber had\n"
        "    made every shipment across the border dearer than it was before\n"
        "    and because the loonie had risen by several cents in the autumn.\n\n"
        "    It gave no date.\n"
    )
    assert [line.text[-20:] for line in split_lines(raw)] == ["cents in the autumn.", "It gave no date."]


def test_a_line_that_recurs_within_an_outlet_goes_with_its_reason():
    bodies = [
        f"Story number {i} tells of steel and of wood.\nThe Paper is read in five provinces."
        for i in range(6)
    ]
    documents = [Document("Paper", f"Story {i}", True, body, (), "en") for i, body in enumerate(bodies)]
    for document in clean_documents(documents, {}, RULES):
        assert "five provinces" not in document.text
        assert [line.reason for line in document.removed] == ["recurs_within_outlet"]


def test_long_document_keeps_passages_and_the_speaker_of_each():
    filler = "We talked about the budget for schools and roads at great length today. " * 12
    turns = [
        "THE PRESIDENT: " + filler,
        *[filler] * 20,
        "Canada will pay the tariff, and that is that.",
        *[filler] * 20,
    ]
    turns += ["Q Is it fair?", "MS. ROE: " + filler, "Q Thank you.", "MS. ROE: " + filler]
    raw = "\n\n".join(turns)
    document = cleaned(raw, outlet="White House")
    paragraphs = document.text.split("\n\n")
    assert document.genre == "transcript"
    assert len(paragraphs) == 3
    assert paragraphs[0].startswith("THE PRESIDENT: We talked")
    assert paragraphs[1] == "Canada will pay the tariff, and that is that."
    for span in document.raw_spans:
        if span.end - span.start == span.raw_end - span.raw_start > 1:
            assert document.text[span.start : span.end] == raw[span.raw_start : span.raw_end]
    assert {line.reason for line in document.removed} == {"outside_passages"}


def test_long_document_about_something_else_keeps_its_beginning():
    raw = "\n\n".join(f"Paragraph {i} about schools and the roads that lead to them. " * 6 for i in range(60))
    document = cleaned(raw)
    assert document.text.startswith("Paragraph 0")
    assert len(document.text.split("\n\n")) == 3


@pytest.mark.parametrize(
    ("arguments", "genre"),
    [
        ({"outlet": "White House"}, "official"),
        ({"sections": ("opinion",)}, "opinion"),
        ({"title": "OPINION: The border is a line"}, "opinion"),
        ({}, "news"),
    ],
)
def test_genre(arguments, genre):
    assert cleaned("The tariff rose on Monday. Nobody said why.", **arguments).genre == genre


def test_a_list_of_capitals_is_no_transcript():
    assert not is_transcript(["TRADE: it fell.", "It rose.", "Nobody knows.", "It fell again."])


def test_two_spellings_are_one_outlet():
    names = [
        "Globe and Mail",
        "THE GLOBE AND MAIL",
        "globeandmail.com",
        "Rural Post",
        "rural  post",
        "rural  post",
    ]
    spelled = one_spelling(names, known_outlets(OUTLETS))
    assert {spelled[name].name for name in names[:3]} == {"The Globe and Mail"}
    assert spelled["Rural Post"] == spelled["rural  post"]
    assert spelled["Rural Post"].name == "rural  post"
    assert outlet_key("The") == "the"


def test_headline_and_slug():
    slug = "Two towns wait for a bridge/ Newswire/ WINDSOR/ A. Roe/ Morning/ The bridge is late."
    assert headline(slug, [], "", False) == "Two towns wait for a bridge"
    assert slug_parts("Steel and/or aluminum") == []
    assert headline("Why tariffs hurt - The Paper", [], "The Paper", True) == "Why tariffs hurt"


def test_other_languages_are_dropped_with_their_reason():
    french = (
        "Le premier ministre a déclaré que les droits de douane nuisent aux travailleurs des deux pays. " * 3
    )
    document = cleaned(french)
    assert document.dropped == "other_language"
    assert "detected as fr" in document.detail
    assert detect_language("GDP +2.1%", "") == "en"


def test_title_stands_in_where_there_is_no_body():
    document = cleaned("", title="GM braces for tariffs on cars made in Canada")
    assert document.text == document.title
    assert document.raw_spans == ()
    assert not document.dropped


def articles(*rows):
    frame = pd.DataFrame(
        [
            {
                "article_id": f"{i:016x}",
                "source_id": str(i),
                "path": "a.jsonl",
                "line": i + 1,
                "url": None,
                "outlet": outlet,
                "title": title,
                "body": body,
                "language": None,
                "extra": "{}",
                "published_at": pd.Timestamp(date, tz="UTC") if date else pd.NaT,
            }
            for i, (outlet, title, body, date) in enumerate(rows)
        ]
    )
    frame["published_at"] = pd.to_datetime(frame["published_at"], utc=True)
    ARTICLES.conform(frame)
    return frame


def test_stage_loses_no_article_and_changes_no_input():
    frame = articles(
        (
            "Paper",
            "A title about trade",
            "The tariff rose on Monday, officials in Ottawa said.",
            "2025-03-04T23:30",
        ),
        (
            "Paper",
            "",
            "Ceci est un texte en français sur les droits de douane et le commerce du bois. " * 3,
            "2025-03-04",
        ),
        ("paper", "Only a title here", "", None),
        ("Paper", "", "###\n\n* * *", "2025-03-04"),
    )
    before = frame.copy(deep=True)
    coverage, removed, dropped = clean(frame, OUTLETS, read_params(ROOT / "params.yaml").clean)
    pd.testing.assert_frame_equal(frame, before)
    for table, result in ((COVERAGE, coverage), (REMOVED_LINES, removed), (DROPPED_ARTICLES, dropped)):
        table.conform(result)
    assert len(coverage) + len(dropped) == len(frame)
    assert dropped["reason"].tolist() == ["other_language", "no_text_left"]
    assert coverage["published_date"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2025-03-04", ""]
    assert coverage["outlet"].unique().tolist() == ["Paper"]


def test_stage_does_not_depend_on_row_order():
    rows = [
        (
            "Paper",
            f"Title {i}",
            f"The tariff rose by {i} percent in Ottawa.\nRead in nine towns daily.",
            "2025-01-01",
        )
        for i in range(9)
    ]
    frame = articles(*rows)
    order = list(range(9))
    random.Random(49).shuffle(order)
    params = read_params(ROOT / "params.yaml").clean
    one, two = (clean(table, OUTLETS, params) for table in (frame, frame.iloc[order]))
    for table, left, right in zip((COVERAGE, REMOVED_LINES, DROPPED_ARTICLES), one, two, strict=True):
        assert table.conform(left).equals(table.conform(right))


def test_seeds_of_outlets_have_one_row_a_name():
    rows = store.read_csv(ROOT / "seeds/outlets.csv", OUTLET_COLUMNS)
    owner: dict[str, str] = {}
    for row in rows:
        for name in (row["outlet"], *filter(None, row["aliases"].split("|"))):
            assert owner.setdefault(outlet_key(name), row["outlet"]) == row["outlet"], name
    assert {row["country"] for row in rows} <= {"us", "canada", "other"}
    assert {row["kind"] for row in rows} == {"press", "government"}


ARTICLE_SENTENCES = """
Mexico refused to sign on to the free trade update.
Canada will not sign on to a deal that ends free access to the market.
He sold 20,000 shares of the company last week.
Ottawa received 1,200 comments on the tariff list.
The minister said that this would not give the industry a handout.
We need a Canada/U.S. deal.
11/9 changed the border.
2025/26 will be lean.
Released on Friday, the report said Canadian exports fell in the spring.
Issued decades ago, the permit still binds both of the governments today.
May 2025 brought no relief for steel.
(He gave credit to Trudeau for the deal.)
The bank cut its forecast (credit losses rose).
Loading of lumber at the port stopped on Tuesday, the union said.
Join us or pay the tariff, Trump told the crowd in Windsor on Friday.
Support our steel workers, Mr. Ford told the prime minister on Monday.
Follow him on this and you will lose the farm vote in Iowa, he said.
Comments by Trump about the border angered Ottawa on Tuesday morning.
The company changed its privacy policy after the ruling in Ontario last week.
We will not trade our dairy for cookies, the farmer told the hearing.
Terms were not disclosed.
Watch the meter and you will see what a tariff does, she said.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", ARTICLE_SENTENCES)
def test_a_sentence_of_the_article_is_no_standing_phrase(sentence):
    assert not is_standing(sentence)


SITE_LINES = """
© 2024 The Harbour Ledger. All rights reserved.
Sign up for our newsletter and get the news in your inbox every morning.
You must Register or Login to post a comment.
This site uses cookies to make your visit better; read our cookie policy.
READ MORE: Why the bridge is late again.
FILE PHOTO: A truck waits at the Ambassador Bridge on Monday.
This story was originally published by The Ledger on Tuesday, and is used with permission.
Share this article Facebook X Email
A bus leaves the crossing at dusk. Theo Marsh/The Border Notebook
By Jane Doe, The Canadian Press
4 min read
Wednesday, March 5, 2025, 7:10 a.m. EST
Published: 4 June 2018 | Updated: 5 June 2018, 7:10 a.m.
""".strip().splitlines()


@pytest.mark.parametrize("line", SITE_LINES)
def test_a_standing_phrase_of_a_site_is_known(line):
    assert is_standing(line)


@pytest.mark.parametrize(
    "line",
    [
        "1 " * 22 + "x",
        "12" * 40,
        "Read canada/" + "us-" * 60 + "us!",
        "photo " * 60,
        "Aa/" + "Aa " * 100,
        ". " * 200,
    ],
)
def test_no_line_makes_the_rules_run_away(line):
    """A rule that backtracks without end would never let this test finish."""
    is_standing(line)
    slug_parts(line)


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ("<Majestic Contractors Ltd> said it will buy.", ["Majestic Contractors Ltd said it will buy."]),
        ("a <b and c> d", ["a <b and c> d"]),
        ("Profit <expected at 5> was 4, and x < 3 > y.", ["Profit <expected at 5> was 4, and x < 3 > y."]),
        ("&lt;p&gt;Tariffs &amp;amp; quotas&lt;/p&gt;", ["Tariffs & quotas"]),
        ("What s**t. **Bold** and *slanted*, *NSYNC.", ["What s**t. Bold and slanted, *NSYNC."]),
        ("One<!-- two -->three <script>four</script>five <!-- six", ["Onethree five <!-- six"]),
    ],
)
def test_markup_goes_and_what_only_looks_like_it_stays(raw, lines):
    assert [line.text for line in split_lines(raw)] == lines


def test_a_list_below_a_lead_in_stays():
    prose = [f"Sentence number {i} says something about the tariffs of the day." for i in range(4)]
    document = cleaned(
        "\n".join([*prose, "The union made three demands:", "Open books", "Fair pay", "No layoffs", prose[0]])
    )
    assert "Open books\n\nFair pay\n\nNo layoffs" in document.text


def test_a_headline_with_another_number_is_no_repetition():
    title = "Canada faces 25% tariffs from Monday, officials say"
    document = cleaned("Canada faces 35% tariffs from Monday, officials say.\n" + title, title=title)
    assert document.text == "Canada faces 35% tariffs from Monday, officials say."


def test_updates_of_one_story_are_no_boilerplate():
    story = "\n".join(
        f"Paragraph {word} of the wire story tells what happened at the border."
        for word in ("one", "two", "six")
    )
    documents = [Document("Paper", f"Update {i}", True, story, (), "en") for i in range(12)]
    documents += [
        Document("Paper", f"Other {i}", True, f"Something else happened in town {i}.", (), "en")
        for i in range(12)
    ]
    for document in list(clean_documents(documents, {}, RULES))[:12]:
        assert document.text.count("wire story") == 3


@pytest.mark.parametrize(
    "title", ["Opinion polls show a shift", "Column of trucks blocks the bridge", "Letters from the mill"]
)
def test_a_word_of_opinion_makes_no_opinion(title):
    assert cleaned("The tariff rose on Monday. Nobody said why.", title=title).genre == "news"


def test_opinion_by_the_address():
    row = {"outlet": "Paper", "title": "A view", "body": "Text.", "path": "a.jsonl", "language": None}
    row |= {"extra": "{}", "url": "https://paper.example/opinion/2025/a-view"}
    assert next(iter(clean_documents([document_of(row)], {}, RULES))).genre == "opinion"


def test_a_list_of_places_in_capitals_is_no_transcript():
    assert not is_transcript(
        [f"{place}: Prices rose." for place in ("CHINA", "EUROPE", "JAPAN", "MEXICO", "INDIA")]
    )
    assert is_transcript(["Q: Why?", "A: Because.", "Q: When?", "A: Soon."])
