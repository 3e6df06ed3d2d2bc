import contextlib
import datetime
import gzip
import hashlib
import io
import json
import re
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.articles import (
    FIELDS,
    FieldsError,
    article_id,
    build_articles,
    canonical_url,
    field_names,
)
from pipeline.sources.dates import DateError, parse_date
from pipeline.sources.documents import Document, Reject
from pipeline.sources.plain_text import find_date
from pipeline.sources.readers import READERS, read_documents
from pipeline.tables.articles import QUARANTINE_REASONS

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "fixtures" / "pages"
PAGE_DATES = {
    page["file"]: page["published"] for page in json.loads((PAGES / "expected.json").read_text("utf-8"))
}


def read(path, content, largest_bytes=10_000):
    raw = content if isinstance(content, bytes) else content.encode()
    return list(read_documents(path, io.BytesIO(raw), largest_bytes))


def build(*documents, **options):
    rules = {
        "corpus": "c",
        "fields": {},
        "earliest_date": datetime.date(1980, 1, 1),
        "latest_date": datetime.date(2030, 12, 31),
        **options,
    }
    rows = [Document("f.jsonl", line, fields) for line, fields in enumerate(documents, start=1)]
    return build_articles(rows, **rules)


def one(source, **options):
    articles, quarantine = build(source, **options)
    assert quarantine == []
    return articles[0]


def refused(source, **options):
    articles, quarantine = build(source, **options)
    assert articles == []
    return quarantine[0]["reason"], quarantine[0]["detail"]


# Dates


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2025-03-28", "2025-03-28T00:00:00"),
        ("2025-03-28T22:00:00-05:00", "2025-03-29T03:00:00"),
        ("2025-03-28 10:00", "2025-03-28T10:00:00"),
        ("2025-3-8", "2025-03-08T00:00:00"),
        ("20250328", "2025-03-28T00:00:00"),
        ("20250328101500", "2025-03-28T10:15:00"),
        ("Fri, 28 Mar 2025 10:00:00 GMT", "2025-03-28T10:00:00"),
        ("Fri, 28 Mar 2025 10:00:00 EST", "2025-03-28T15:00:00"),
        ("Fri Mar 28 2025 10:00:00 GMT-0400 (Eastern Daylight Time)", "2025-03-28T14:00:00"),
        ("March 28, 2025 at 6:00 a.m. ET", "2025-03-28T10:00:00"),
        (1743156000, "2025-03-28T10:00:00"),
        ("1743156000000", "2025-03-28T10:00:00"),
        ("28 March 2025", "2025-03-28T00:00:00"),
        ("March 28, 2025", "2025-03-28T00:00:00"),
        ("Wed 12 Feb 2025 14.05 EST", "2025-02-12T19:05:00"),
        ("le 28 mars 2025", "2025-03-28T00:00:00"),
        ("28/03/2025", "2025-03-28T00:00:00"),
        ("03/28/2025 14:05", "2025-03-28T14:05:00"),
        ("04/04/2025", "2025-04-04T00:00:00"),
        (datetime.date(2025, 3, 28), "2025-03-28T00:00:00"),
        (datetime.datetime(2025, 3, 28, 1), "2025-03-28T01:00:00"),
    ],
)
def test_a_date_as_sources_write_it_is_read_as_utc(written, utc):
    assert parse_date(written) == datetime.datetime.fromisoformat(utc).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("03/04/2025", "could be 2025-03-04 or 2025-04-03"),
        ("3-4-2025", "could be 2025-03-04 or 2025-04-03"),
        ("03/28/25", "four-digit year"),
        ("28 Mar 25", "lacks the day or the four-digit year"),
        ("March 2025", "lacks the day"),
        ("March 28", "lacks the day or the four-digit year"),
        ("2025-03", "YYYY-MM-DD"),
        ("2025", "a year alone"),
        ("45744", "a spreadsheet's day number"),
        ("Friday", "is not a date"),
        ("10:30", "is not a date"),
        ("yesterday", "is not a date"),
        ("2 hours ago", "is not a date"),
        ("2025-02-30", "day is out of range"),
        ("31 February 2025", "cannot be read"),
        ("2025-03-28 2024-01-01", "date and a time"),
        ("28 March 2025 10:00 XYZ", "'XYZ' is no known time zone"),
        ("9999-12-31T23:59:59-12:00", "beyond the calendar"),
        (True, "is not a date"),
        (99999999999999999999, "looks like no date"),
    ],
)
def test_a_date_that_says_too_little_is_refused_and_nothing_is_guessed(written, why):
    with pytest.raises(DateError, match=why):
        parse_date(written)


@settings(deadline=None)
@given(st.datetimes(datetime.datetime(1980, 1, 1), datetime.datetime(2030, 1, 1)))
def test_every_common_spelling_of_a_moment_is_the_same_day(moment):
    for form in (
        "%Y-%m-%d",
        "%d %B %Y",
        "%b %d, %Y",
        "%Y-%m-%dT%H:%M:%SZ",
        "%a, %d %b %Y %H:%M:%S +0000",
        "%Y/%m/%d",
    ):
        assert parse_date(moment.strftime(form)).date() == moment.date()


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_makes_the_date_reader_fail_otherwise(text):
    with contextlib.suppress(DateError):
        assert isinstance(parse_date(text), datetime.datetime)


# Articles from documents


def test_fields_are_recognised_by_their_usual_names_whatever_their_spelling():
    article = one(
        {
            "Headline": "T",
            "bodyText": "B",
            "pubDate": "2025-03-28",
            "Source": "CBC",
            "link": "https://cbc.ca/a",
            "GUID": 7,
        }
    )
    assert (article["title"], article["body"], article["outlet"], article["url"]) == (
        "T",
        "B",
        "CBC",
        "https://cbc.ca/a",
    )
    assert (article["source_id"], article["published_at"].year, article["extra"]) == ("7", 2025, "{}")


def test_a_name_that_holds_nothing_falls_through_to_the_next():
    article = one(
        {
            "title": " ",
            "headline": "T",
            "text": None,
            "content": "B",
            "published": "NaN",
            "date": "2025-03-28",
        }
    )
    assert (article["title"], article["body"], article["published_at"].day) == ("T", "B", 28)


def test_the_users_names_come_first_and_other_fields_are_kept_in_extra():
    article = one({"title": "T", "kicker": "K", "z": [1], "a": float("nan")}, fields={"title": ["kicker"]})
    assert (article["title"], article["extra"]) == ("K", '{"a": null, "title": "T", "z": [1]}')


def test_nested_values_of_well_known_exports_are_unwrapped():
    article = one(
        {
            "headline": {"main": "T"},
            "content": ["one", "two"],
            "source": {"id": None, "name": "CBC"},
            "date": {"$date": "2025-03-28T00:00:00Z"},
            "_id": {"$oid": "5f"},
        }
    )
    assert (article["title"], article["body"], article["outlet"], article["source_id"]) == (
        "T",
        "one\n\ntwo",
        "CBC",
        "5f",
    )
    assert article["published_at"].day == 28


def test_an_unknown_field_of_params_is_refused_with_the_valid_ones():
    with pytest.raises(FieldsError, match="no field 'titel'; the fields are title, body"):
        field_names({"titel": ["x"]})


def test_the_text_is_kept_to_the_character_since_gold_counts_characters_in_it():
    assert one({"title": " T ", "text": " a\r\n b "})["body"] == " a\r\n b "


def test_nul_is_removed_and_half_of_a_surrogate_pair_is_replaced():
    article = one({"title": "a\0b", "text": "c\ud800d", "x\udfff": "\ud800"})
    assert (article["title"], article["body"], article["extra"]) == (
        "ab",
        "c\ufffdd",
        '{"x\ufffd": "\ufffd"}',
    )


def test_an_outlet_that_is_missing_or_an_address_is_the_host():
    assert one({"title": "T", "url": "https://www.CBC.ca/news/1"})["outlet"] == "cbc.ca"
    assert one({"title": "T", "source": "https://www.reuters.com/feed"})["outlet"] == "reuters.com"
    assert one({"title": "T"})["outlet"] == ""


@pytest.mark.parametrize(
    ("stated", "language"),
    [("en-US", "en"), ("EN_ca", "en"), ("English", "en"), ("fra", "fr"), ("Klingon", None)],
)
def test_a_language_is_its_iso_code_or_none(stated, language):
    assert one({"title": "T", "lang": stated})["language"] == language


def test_a_title_alone_is_an_article_without_a_date():
    article = one({"title": "T"})
    assert (article["body"], article["published_at"], article["url"], article["line"]) == ("", None, None, 1)


def test_an_id_is_of_the_corpus_and_the_sources_id_else_the_address_else_the_text():
    def digest(identity):
        return hashlib.sha256(f"c\0{identity}".encode()).hexdigest()[:16]

    assert article_id("c", "7", "https://a.ca/b", "T", "B") == digest("7")
    assert article_id("c", "", "https://www.A.ca/b/?utm_source=x&id=1&fbclid=y#top", "T", "B") == digest(
        "a.ca/b?id=1"
    )
    assert article_id("c", "", "", "T", "B") == digest("TB")


@pytest.mark.parametrize(
    "url", ["http://cbc.ca/a", "https://www.CBC.ca/a/", "cbc.ca/a#x", "https://cbc.ca/a?utm_medium=rss"]
)
def test_spellings_of_one_address_are_one(url):
    assert canonical_url(url) == "cbc.ca/a"


def test_an_address_that_cannot_be_taken_apart_stays_as_it_is():
    assert canonical_url("http://[bad") == "http://[bad"


def test_a_second_document_of_an_id_names_where_the_first_stands():
    articles, quarantine = build({"id": 1, "title": "A"}, {"id": "1", "title": "B"})
    assert [article["title"] for article in articles] == ["A"]
    assert quarantine[0]["reason"] == "duplicate_id"
    assert "the same id '1' as f.jsonl, line 1" in quarantine[0]["detail"]


def test_a_document_without_title_and_text_says_which_fields_there_are():
    assert refused({"title": "", "text": None, "id": 1}) == (
        "no_text",
        "title and text are empty; fields found: title, text, id",
    )
    reason, detail = refused({"a": "x", "b": "y"})
    assert reason == "no_text"
    assert "no field is known as title or text; fields found: a, b. Name them in params.yaml" in detail


@pytest.mark.parametrize(
    ("date", "reason", "detail"),
    [
        (
            "03/04/2025",
            "bad_date",
            "field date: '03/04/2025' could be 2025-03-04 or 2025-04-03; write the one",
        ),
        ("soon", "bad_date", "write it as YYYY-MM-DD"),
        (0, "date_out_of_range", "what an empty timestamp becomes"),
        ("1970-01-01T00:00:00Z", "date_out_of_range", "what an empty timestamp becomes"),
        ("1979-12-31", "date_out_of_range", "before 1980-01-01; mend the date, or change earliest_date"),
        ("2031-01-01", "date_out_of_range", "after 2030-12-31; mend the date, or change latest_date"),
    ],
)
def test_a_date_that_cannot_be_right_goes_to_quarantine_with_the_remedy(date, reason, detail):
    found = refused({"title": "T", "date": date})
    assert found[0] == reason
    assert detail in found[1]


def test_the_empty_timestamp_is_refused_whatever_the_earliest_date():
    assert (
        refused({"title": "T", "date": 0}, earliest_date=datetime.date(1900, 1, 1))[0] == "date_out_of_range"
    )


def test_fields_nested_too_deeply_are_one_broken_row():
    value: list = []
    for _ in range(5_000):
        value = [value]
    assert refused({"title": "T", "x": value})[0] == "broken_row"


# Files


def test_json_lines_go_on_after_a_line_that_cannot_be_read():
    found = read("a.jsonl", b'\xef\xbb\xbf{"id": 1}\r\n\n{"id": 2\n[3]\n{"id": "Montr\xe9al"}\n{"id": 5}')
    assert [(type(item).__name__, item.line) for item in found] == [
        ("Document", 1),
        ("Reject", 3),
        ("Reject", 4),
        ("Reject", 5),
        ("Document", 6),
    ]
    assert [item.reason for item in found if isinstance(item, Reject)] == [
        "broken_row",
        "broken_row",
        "wrong_encoding",
    ]
    assert "byte 0xe9, number 14, is not UTF-8" in found[3].detail
    assert "Montréal" in found[3].detail


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": 1}, {"id": 2}]',
        '\ufeff [\n{"id": 1},\n{"id": 2}\n]\n',
        '{"id": 1}\n{"id": 2}\n',
        '{"status": "ok", "articles": [{"id": 1}, {"id": 2}]}',
    ],
)
def test_a_json_file_is_an_array_or_lines_or_the_answer_of_a_news_service(content):
    assert read("a.json", content) == [Document("a.json", 1, {"id": 1}), Document("a.json", 2, {"id": 2})]


def test_a_json_file_is_one_object_however_it_is_laid_out():
    assert read("a.json", '{"id": 1,\n "text": "x"}') == [Document("a.json", 1, {"id": 1, "text": "x"})]
    assert [item.reason for item in read("a.json", '{"id": 1,\n "text": "x"')] == ["broken_row"]


def test_an_array_is_read_up_to_where_it_breaks():
    found = read("a.json", '[{"id": 1}, 2, {"id": 3}, {"id": 4')
    assert [getattr(item, "reason", "read") for item in found] == ["read", "broken_row", "read", "broken_row"]
    assert "element 4" in found[3].detail


def test_an_array_longer_than_one_read_and_an_element_over_the_limit():
    rows = [{"id": number, "text": "é" * 300} for number in range(5000)]
    assert [item.fields["id"] for item in read("a.json", json.dumps(rows, ensure_ascii=False))] == list(
        range(5000)
    )
    found = read("a.json", json.dumps([{"id": 1}, {"text": "x" * 20_000}]))
    assert [getattr(item, "reason", "read") for item in found] == ["read", "too_large"]


def test_csv_rows_span_lines_and_ragged_ones_are_set_aside():
    found = read("a.csv", '\ufeffid,title,text\n1,A,"two\nlines, yes"\n2,B\n3,C,x,y\n\n5,"q ""q""",z\n')
    assert [item.line for item in found] == [2, 4, 5, 7]
    assert found[0].fields == {"id": "1", "title": "A", "text": "two\nlines, yes"}
    assert found[3].fields["title"] == 'q "q"'
    assert {(item.reason, item.detail[:34]) for item in found[1:3]} == {
        ("broken_row", "2 cells where the header has 3; pu"),
        ("broken_row", "4 cells where the header has 3; pu"),
    }


def test_csv_with_semicolons_and_tsv():
    assert read("a.csv", "id;title\n1;a, b\n")[0].fields == {"id": "1", "title": "a, b"}
    assert read("a.tsv", "id\ttitle\n1\ta; b, c\n")[0].fields == {"id": "1", "title": "a; b, c"}


def test_a_csv_row_in_another_encoding_or_with_an_open_quotation_mark_is_set_aside():
    found = read("a.csv", b'id,title\n1,Montr\xe9al\n2,"a" b\n3,ok\n4,"never closed\n5,x\n')
    assert [(item.line, getattr(item, "reason", "read")) for item in found] == [
        (2, "wrong_encoding"),
        (3, "broken_row"),
        (4, "read"),
        (5, "broken_row"),
    ]
    assert "in cell 'title': byte 0xe9, number 6" in found[0].detail
    assert "lines 5 to 6 are no whole row" in found[3].detail


def test_a_csv_cell_of_several_hundred_kilobytes_is_read():
    assert (
        len(read("a.csv", "id,text\n1," + "x" * 400_000, largest_bytes=1_000_000)[0].fields["text"])
        == 400_000
    )


def test_parquet_rows_are_documents(tmp_path):
    table = pa.table(
        {"id": [1, 2], "date": [datetime.datetime(2025, 3, 28), None], "text": ["x", "y" * 20_000]}
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    for path, raw in (("a.parquet", buffer.getvalue()), ("a.parquet.gz", buffer.getvalue())):
        found = read(path, raw)
        assert found[0] == Document(path, 1, {"id": 1, "date": datetime.datetime(2025, 3, 28), "text": "x"})
        assert (found[1].line, found[1].reason) == (2, "too_large")
    assert read("a.parquet", b"PAR1 and nothing more")[0].reason == "unreadable_file"


@pytest.mark.parametrize("path", ["a.jsonl", "a.csv"])
def test_a_line_over_the_limit_is_set_aside_and_reading_goes_on(path):
    first = "id,x\n" if path == "a.csv" else ""
    last = "3,x" if path == "a.csv" else '{"id": 3}'
    found = read(path, first + "x" * 20_000 + "\n" + last)
    assert [getattr(item, "reason", "read") for item in found] == ["too_large", "read"]
    assert "0.01 MB" in found[0].detail


class EndlessLine(io.RawIOBase):
    """A line of so many bytes, never held whole."""

    def __init__(self, size):
        self.left = size

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        return 0

    def readinto(self, buffer):
        count = min(len(buffer), self.left)
        buffer[:count] = b"x" * count
        self.left -= count
        return count


def test_a_line_of_200_megabytes_is_never_held_whole():
    tracemalloc.start()
    found = list(read_documents("a.jsonl", io.BufferedReader(EndlessLine(200_000_000)), 1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item.reason for item in found] == ["too_large"]
    assert peak < 20_000_000


@pytest.mark.parametrize("path", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet", "a.txt", "a.html"])
def test_an_empty_file_is_one_row_of_quarantine(path):
    assert [(item.line, item.reason) for item in read(path, b"")] == [(0, "empty_file")]


@pytest.mark.parametrize(
    ("path", "content"), [("a.jsonl", "\n \n"), ("a.json", "[]"), ("a.csv", "id,title\n"), ("a.txt", "  \n")]
)
def test_a_file_that_holds_no_document_is_empty(path, content):
    assert [item.reason for item in read(path, content)] == ["empty_file"]


def test_an_unknown_format_lists_those_that_there_are():
    found = read("a.pdf", b"%PDF")
    assert (found[0].reason, found[0].line) == ("unknown_format", 0)
    assert "no reader for .pdf; there are .jsonl, .ndjson, .json, .csv" in found[0].detail
    assert "no reader for a name without suffix" in read("articles", b"x")[0].detail
    assert "not an article" in read("sub/README.md", b"x")[0].detail


def read_gzip(raw):
    with gzip.open(io.BytesIO(raw)) as stream:
        return list(read_documents("a.jsonl.gz", stream, 10_000))


def test_a_broken_gzip_file_keeps_what_stands_before_the_break():
    whole = gzip.compress(b"".join(b'{"id": %d}\n' % number for number in range(50_000)))
    found = read_gzip(whole[: len(whole) // 2])
    assert (found[-1].reason, found[-1].line) == ("unreadable_file", 0)
    assert f"what stands before, {len(found) - 1} documents, was read" in found[-1].detail
    assert len(found) > 1000
    assert [item.reason for item in read_gzip(b"no gzip")] == ["unreadable_file"]


@pytest.mark.parametrize("path", ["a.jsonl", "a.csv", "a.txt"])
def test_a_file_in_utf16_says_so_once(path):
    found = read(path, '{"id": 1}\n{"id": 2}\n'.encode("utf-16"))
    assert [(item.reason, item.detail) for item in found] == [
        ("wrong_encoding", "the file is UTF-16; save it as UTF-8")
    ]


# Plain text


def test_the_first_line_is_the_title_and_the_rest_the_body():
    found = read(
        "a.txt",
        "\ufeff\n\nA title\r\nDate: 2025-03-28\r\nOutlet: The Ledger\r\nURL: https://a.ca/b\r\n\r\nText.",
    )
    assert found[0].fields == {
        "title": "A title",
        "body": "Date: 2025-03-28\r\nOutlet: The Ledger\r\nURL: https://a.ca/b\r\n\r\nText.",
        "published_at": "2025-03-28",
        "outlet": "The Ledger",
        "url": "https://a.ca/b",
    }


def test_header_lines_above_the_title_are_not_the_title():
    fields = read("a.txt", "Date: 2025-03-28\n\nTitle: A title\nText")[0].fields
    assert fields == {"title": "A title", "body": "Date: 2025-03-28\n\nText", "published_at": "2025-03-28"}


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published: 4 March 2025 | Updated: 5 March 2025", "4 March 2025"),
        ("Published on March 4, 2025 by Jane Doe", "March 4, 2025"),
        ("By Jane Doe | March 4, 2025 | 4 min read", "March 4, 2025"),
        ("CBC News · Posted: Mar 28, 2025 2:42 PM EDT | Last Updated: March 29", "Mar 28, 2025 2:42 PM EDT"),
        ("OTTAWA, March 3, 2025 (Wire) - The minister said", "March 3, 2025"),
        ("WASHINGTON, D.C., March 3, 2025 /PRNewswire/ -- The", "March 3, 2025"),
        ("Thursday, January 22nd, 2026", "Thursday, January 22nd, 2026"),
        ("Last updated on 5 June 2018", "5 June 2018"),
        ("Date: unknown", "unknown"),
        ("OTTAWA, March 3 (Wire) - The minister said", None),
        ("March 3, 2025 was a cold day.", None),
        ("Ferry season opens - April 29, 2021", None),
        ("Posted: 2 hours ago", None),
        ("Posted by Callum Reyes, Meridian Gazette", None),
        ("Date night was good", None),
    ],
)
def test_a_date_line_is_told_from_other_lines(line, date):
    assert find_date([line]) == date


def test_the_date_of_publication_goes_before_that_of_an_update():
    assert find_date(["Updated: 5 June 2018", "Posted 4 June 2018"]) == "4 June 2018"


def test_a_date_below_the_tenth_line_is_no_date_of_the_page():
    assert "published_at" not in read("a.txt", "Title\n" + "line\n" * 9 + "March 3, 2025\n")[0].fields


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("x/2025-03-28-a.txt", "2025-03-28"),
        ("20250328_a.txt", "2025-03-28"),
        ("2025-13-28.txt", None),
        ("000_2b20190412c.txt", None),
        ("2025-03-28/a.txt", None),
    ],
)
def test_the_files_name_may_hold_the_date(path, date):
    assert read(path, "Title\nText")[0].fields.get("published_at") == date


def test_a_date_in_the_text_goes_before_that_of_the_name():
    assert read("2025-03-28.txt", "Title\nDate: 2025-03-27")[0].fields["published_at"] == "2025-03-27"


def test_markdown_may_begin_with_fields():
    found = read("a.md", "---\nheadline: T\ndate: 2025-03-28\n---\nText\n")
    assert found[0].fields == {"headline": "T", "date": datetime.date(2025, 3, 28), "body": "Text\n"}
    assert read("a.md", "# T\n\nText\n")[0].fields["title"] == "T"
    assert read("a.md", "---\n: : no\n---\nText\n")[0].fields["title"] == "---"


def test_a_text_in_another_encoding_or_over_the_limit_is_one_row_for_the_file():
    found = read("a.txt", b"Title\nMontr\xe9al\n")
    assert (found[0].line, found[0].reason) == (0, "wrong_encoding")
    assert "line 2: byte 0xe9" in found[0].detail
    assert [(item.line, item.reason) for item in read("a.txt", "x" * 20_000)] == [(0, "too_large")]


@pytest.mark.parametrize("name", sorted(PAGE_DATES))
def test_the_dates_of_the_invented_pages_are_found_and_no_others(name):
    document = read(name, (PAGES / name).read_bytes(), 1_000_000)[0]
    article = one(document.fields)
    assert str(article["published_at"].date() if article["published_at"] else None) == str(PAGE_DATES[name])


# HTML

PAGE = """<html lang="en-CA"><head><title>Steel talks resume - The Ledger</title>
<meta property="og:title" content="Steel talks resume"><meta property="og:site_name" content="The Ledger">
<meta property="article:published_time" content="2025-03-28T10:00:00Z">
<link rel="canonical" href="https://www.theledger.ca/steel"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Steel talks resume</h1>{paragraphs}</article>
<footer>© 2025 The Ledger</footer></body></html>"""
PARAGRAPHS = "".join(
    f"<p>Québec's minister said on day {day} that talks on {metal} would go on for as long as they had to.</p>"
    for day, metal in enumerate(("steel", "copper", "tin", "zinc", "gold", "lead"))
)


def test_a_page_gives_its_title_text_date_outlet_address_and_language():
    found = read("a.html", PAGE.format(paragraphs=PARAGRAPHS))
    article = one(found[0].fields)
    assert article["title"] == "Steel talks resume"
    assert article["body"].count("Québec's minister said") == 6
    assert "Home" not in article["body"]
    assert (article["outlet"], article["url"], article["language"]) == (
        "The Ledger",
        "https://www.theledger.ca/steel",
        "en",
    )
    assert article["published_at"].date() == datetime.date(2025, 3, 28)


def test_a_page_is_read_in_the_encoding_that_it_declares():
    page = PAGE.format(paragraphs=PARAGRAPHS).replace("<head>", '<head><meta charset="iso-8859-1">')
    assert read("a.htm", page.encode("cp1252"))[0].fields["body"].count("Québec's") == 6


def test_a_year_in_a_footer_is_no_date():
    page = PAGE.format(paragraphs=PARAGRAPHS).replace("2025-03-28T10:00:00Z", "")
    assert "published_at" not in read("a.html", page)[0].fields


def test_a_page_without_text_keeps_its_title_and_one_without_either_goes_to_quarantine():
    assert one(read("a.html", PAGE.format(paragraphs=""))[0].fields)["title"].startswith("Steel talks resume")
    assert refused(read("a.html", "<html><body></body></html>")[0].fields)[0] == "no_text"


def test_an_agency_named_as_publisher_is_not_the_outlet():
    page = PAGE.format(paragraphs=PARAGRAPHS).replace(
        "</head>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "publisher": {"@type": "Organization", '
        '"name": "Associated Press"}, "headline": "Steel talks resume"}</script></head>',
    )
    assert read("a.html", page)[0].fields["outlet"] == "The Ledger"


def test_a_malformed_page_does_not_stop_the_others(monkeypatch):
    def fail(*_, **__):
        raise AssertionError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    found = read("a.html", PAGE)
    assert (found[0].reason, "AssertionError" in found[0].detail) == ("unreadable_file", True)


def test_the_names_in_the_documentation_are_those_of_the_code():
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.*) \|$", (ROOT / "docs/articles.md").read_text("utf-8"), re.MULTILINE)
    )
    for field, names in FIELDS.items():
        assert tuple(rows[field].replace("; where all these are empty: ", ", ").split(", ")) == names


def test_the_documentation_explains_every_reason_and_every_format():
    text = (ROOT / "docs/articles.md").read_text("utf-8")
    assert [word for word in (*QUARANTINE_REASONS, *READERS) if f"`{word}`" not in text] == []
