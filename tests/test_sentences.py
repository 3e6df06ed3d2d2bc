"""Sentences begin at their words, end at their marks, and stand in order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.batches import in_batches
from pipeline.text.sentences import parse_texts, split_sentences
from pipeline.text.turns import find_turns


def split(text):
    return [text[start:end] for start, end in next(split_sentences([text], processes=1, batch_size=1))]


def test_paragraphs_part_sentences():
    assert split("Ottawa answered on Friday. Washington did not.\n\nTalks go on") == [
        "Ottawa answered on Friday.",
        "Washington did not.",
        "Talks go on",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "- The duties remain.",
        "• The duties remain.",
        "5. The duties remain.",
        "(a) The duties remain.",
        r"\(b\) The duties remain.",
        "**The duties remain.",
        "  The duties remain. ",
    ],
)
def test_a_list_mark_is_no_part_of_a_sentence(line):
    assert split(line) == ["The duties remain."]


def test_a_list_mark_within_a_line_is_none_either():
    assert split("The first duty is gone. - The second remains.") == [
        "The first duty is gone.",
        "The second remains.",
    ]


def test_a_number_that_ends_a_sentence_stays():
    assert split("Travelers will need only a rapid test from Feb. 28.") == [
        "Travelers will need only a rapid test from Feb. 28."
    ]


def test_a_label_is_no_part_of_a_sentence():
    assert split("MS. DOE: We will answer.\n\nQ When?\n\nTHE PRESIDENT: Soon.") == [
        "We will answer.",
        "When?",
        "Soon.",
    ]


def test_a_closing_mark_stays_with_its_sentence():
    assert split('He called it "a very dumb thing to do."') == ['He called it "a very dumb thing to do."']
    assert split("“The price is not,” she said. “It never was.”")[-1] == "“It never was.”"


def test_what_goes_on_in_lower_case_is_joined():
    assert split("“Why now?” asked the mayor.") == ["“Why now?” asked the mayor."]


def test_a_country_that_ends_a_sentence_parts_it_from_a_name():
    text = "President Doe met farmers. Lumber comes into the U.S. Doe has threatened a duty."
    assert split(text)[1:] == ["Lumber comes into the U.S.", "Doe has threatened a duty."]


def test_marks_alone_are_no_sentence():
    assert split("***\n\n- \n\n“”") == []


def test_tokens_stand_where_the_text_has_them():
    text = "Ottawa answered.\n\n- Washington did not answer."
    for sentence in parse_texts([text])[0]:
        for place, token in enumerate(sentence.tokens):
            assert text[token.start : token.end] == token.text
            assert 0 <= token.head < len(sentence.tokens)
            assert sentence.start <= token.start < token.end <= sentence.end or place
    verb = next(token for token in parse_texts([text])[0][0].tokens if token.text == "answered")
    assert verb.tag == "VBD"


WORDS = st.sampled_from(
    [
        "Ottawa",
        "said",
        "the",
        "tariff",
        "“",
        "”",
        '"',
        "'s",
        ".",
        "?",
        ",",
        "-",
        "5.",
        "(a)",
        "\n",
        "\n\n",
        "Q",
        "U.S.",
        "é",
        "…",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_spans_are_in_order_apart_and_bare(text):
    last = 0
    for start, end in next(split_sentences([text], processes=1, batch_size=1)):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert any(character.isalnum() for character in text[start:end])
        last = end


def test_processes_change_nothing():
    texts = ["Ottawa answered. Washington did not.", "", "- One.\n- Two."] * 3
    alone, together = (list(split_sentences(texts, processes, batch_size=2)) for processes in (1, 2))
    assert alone == together
    assert len(alone) == len(texts)


def test_a_batch_answers_for_each_of_its_items():
    with pytest.raises(ValueError, match="1 results for 2 items"):
        list(in_batches(lambda items: items[:1], [1, 2], 1, 2, "count"))


def test_turns_cover_what_is_said():
    text = "Good evening.\n\nMS. DOE: We will answer.\n\nIn kind.\n\nQ When?\n\nPROMISE KEPT: Soon."
    turns = find_turns(text, titled=False)
    assert [(turn.label, text[turn.start : turn.end].strip()) for turn in turns] == [
        ("", "Good evening."),
        ("MS. DOE", "We will answer.\n\nIn kind."),
        ("Q", "When?"),
        ("PROMISE KEPT", "Soon."),
    ]
    assert [turn.label for turn in find_turns(text, titled=True)] == ["", "MS. DOE", "Q"]
