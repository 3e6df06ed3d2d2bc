"""Cleaned text keeps the place of every character."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.aligned import AlignedText, concatenate, inserted, locate

EDITS = [
    (re.compile("[ab]"), ""),
    (re.compile("c"), "XY"),
    (re.compile(r"\s+"), " "),
    (re.compile("(d)e"), lambda m: m.group(1)),
]


@given(raw=st.text(alphabet="abcde \n", max_size=40), order=st.permutations(range(len(EDITS))))
def test_kept_characters_keep_their_offsets(raw, order):
    aligned = AlignedText.of(raw)
    for i in order:
        aligned = aligned.substitute(*EDITS[i])
    assert len(aligned.offsets) == len(aligned.text)
    for character, offset in zip(aligned.text, aligned.offsets, strict=True):
        if character in "abde":
            assert raw[offset] == character
    spans = aligned.spans()
    assert [span.start for span in spans] == [0, *(span.end for span in spans)][: len(spans)]
    assert not spans or spans[-1].end == len(aligned.text)


@given(raw=st.text(max_size=30), new=st.text(max_size=30))
def test_a_rewritten_text_keeps_what_stayed(raw, new):
    aligned = AlignedText.of(raw).rewritten(new) if raw else AlignedText.of(raw)
    assert len(aligned.offsets) == len(aligned.text)
    assert all(0 <= offset < max(1, len(raw)) for offset in aligned.offsets)


def test_a_raw_span_is_found_where_its_characters_went():
    raw = "Tariffs &amp; <b>quotas</b>   rose."
    clean = AlignedText.of(raw).substitute(re.compile("</?b>"), "").substitute(re.compile("&amp;"), "&")
    clean = clean.substitute(re.compile(" {2,}"), " ")
    assert clean.text == "Tariffs & quotas rose."
    start = raw.index("quotas")
    (found,) = locate(clean.spans(), start, start + 6)
    assert clean.text[slice(*found)] == "quotas"
    assert locate(clean.spans(), raw.index("<b>"), raw.index("<b>") + 3) == []


def test_pieces_join_with_what_was_inserted():
    raw = AlignedText.of("one two")
    joined = concatenate([raw.slice(0, 3), inserted("\n\n", 2), raw.slice(4, 7)])
    assert joined.text == "one\n\ntwo"
    assert locate(joined.spans(), 4, 7) == [(5, 8)]


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_text_has_no_span(text):
    assert AlignedText.of(text).strip().spans() == []
