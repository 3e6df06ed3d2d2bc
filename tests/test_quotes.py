"""Quotations: which marks open, which close, and what goes on in the next paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.quotes import find_posts, find_quotes


def quoted(text):
    return [text[quote.start : quote.end] for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We lost," she said. "Now they go."', ['"We lost,"', '"Now they go."']),
        ("“We lost,” she said. “Now they go.”", ["“We lost,”", "“Now they go.”"]),
        ("‘We lost,’ she said of Canada’s mills.", ["‘We lost,’"]),
        ("The workers’ union called it ‘a sound idea’.", ["‘a sound idea’"]),
        ('He said "no" and "yes."', ['"no"', '"yes."']),
        ("«C’est fini», dit-elle.", ["«C’est fini»"]),
        ("It's the workers' plan.", []),
        ("The '90s were Ontario's.", []),
        ("“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”"]),
    ],
)
def test_marks_pair(text, expected):
    assert quoted(text) == expected


def test_a_quotation_goes_on_where_the_next_paragraph_opens_with_a_mark():
    text = "He said: “The old class goes.\n\n“Our producers get a quota.”\n\n“No,” said another."
    assert [(text[q.start : q.end], q.goes_on) for q in find_quotes(text)] == [
        ("“The old class goes.", False),
        ("“Our producers get a quota.”", True),
        ("“No,”", False),
    ]


def test_single_marks_go_on_too():
    assert [q.goes_on for q in find_quotes("‘The old line sees.\n\n‘My government would.’")] == [False, True]


def test_a_mark_left_open_ends_with_its_paragraph():
    assert quoted('She called it "a mess.\n\nThe minister left.') == ['"a mess.']


def test_a_post_is_signed():
    text = "Report\n\nTariffs are the best! — Jane Doe (@janedoe) June 9, 2018\n\nThat was all."
    (post,) = find_posts(text)
    assert text[post.start : post.end] == "Tariffs are the best!"
    assert post.author == "Jane Doe"


@given(st.text(alphabet="ab .,\n“”\"'‘’", max_size=80))
def test_quotations_are_in_order_and_apart(text):
    last = 0
    for quote in find_quotes(text):
        assert last <= quote.start < quote.end <= len(text)
        assert "\n" not in text[quote.start : quote.end]
        last = quote.end
