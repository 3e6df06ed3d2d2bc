import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.near_duplicates import alike_groups, find_stories, fold_of_groups

WIRE = (
    "Ottawa will answer the new steel tariffs with duties of its own, the finance minister said on Tuesday. "
    "The list covers tools, computers and sporting goods worth thirty billion dollars. "
    "Mills in Hamilton have begun to cut shifts, and the union asks for help before the month is out."
)
OTHER = (
    "The two air forces opened a joint exercise over the Arctic on Monday with tankers and fighters from four "
    "bases. Officers said that the radars of the northern line will be replaced within the decade, and that "
    "the costs are shared as in past years."
)
FLASH = "Trudeau says Canada will retaliate"


def day(number):
    return datetime.date(2025, 2, number)


def stories(documents, **changes):
    """Story of each document, given as id: (title, text, date)."""
    params = {"shingle_words": 4, "permutations": 128, "similarity": 0.5, "window_days": 7, "seed": 49}
    titles, texts, dates = zip(*documents.values(), strict=True)
    found = find_stories(list(documents), titles, texts, dates, **{**params, **changes})
    return dict(zip(documents, zip(found.story_ids, found.similarities, strict=True), strict=True))


def firsts(documents, **changes):
    return {key: story for key, (story, _) in stories(documents, **changes).items()}


def test_a_copy_joins_the_earliest_whatever_its_id():
    found = stories({"a": ("", WIRE, day(5)), "b": ("", WIRE, day(4)), "c": ("", OTHER, day(4))})
    assert found == {"a": ("b", 1.0), "b": ("b", 1.0), "c": ("c", 1.0)}


def test_case_and_punctuation_do_not_count():
    loud = WIRE.upper().replace(",", " --").replace(".", "!")
    assert firsts({"a": ("", WIRE, day(4)), "b": ("", loud, day(4))}) == {"a": "a", "b": "a"}


def test_an_edited_copy_is_as_like_as_its_shared_shingles():
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    first = [*words, *(word + "teen" for word in words)]  # 20 words: 17 shingles
    edited = [*first[:19], "end", "more"]  # 18 shingles, of which 16 stand in the first
    found = stories({"a": ("", " ".join(first), day(4)), "b": ("", " ".join(edited), day(4))})
    assert found["b"] == ("a", 16 / 17)
    assert firsts(
        {"a": ("", " ".join(first), day(4)), "b": ("", " ".join(edited), day(4))}, similarity=0.95
    ) == {"a": "a", "b": "b"}


def test_an_item_is_no_copy_of_the_roundup_that_reprints_it():
    roundup = " ".join(
        [WIRE, OTHER, *(f"Item {i} has news {i} of mine number {i} today." for i in range(20))]
    )
    assert firsts({"item": ("", WIRE, day(4)), "roundup": ("", roundup, day(4))}) == {
        "item": "item",
        "roundup": "roundup",
    }


def test_an_abridged_copy_is_a_copy():
    assert stories({"long": ("", f"{WIRE} {OTHER}", day(4)), "short": ("", WIRE, day(5))})["short"] == (
        "long",
        1.0,
    )


def test_copies_come_within_the_window():
    documents = {"a": ("", WIRE, day(1)), "b": ("", WIRE, day(8)), "c": ("", WIRE, day(9))}
    assert firsts(documents) == {"a": "a", "b": "a", "c": "c"}


def test_likeness_does_not_chain():
    words = [f"word{i}" for i in range(90)]
    a, b, c = (" ".join(words[start : start + 50]) for start in (0, 20, 40))
    assert firsts({"a": ("", a, day(1)), "b": ("", b, day(2)), "c": ("", c, day(3))}) == {
        "a": "a",
        "b": "a",
        "c": "c",
    }


def test_the_story_most_alike_is_joined():
    words = [f"word{i}" for i in range(70)]
    a, b, c = (" ".join(words[start : start + 40]) for start in (0, 25, 18))
    assert firsts({"a": ("", a, day(1)), "b": ("", b, day(1)), "c": ("", c, day(2))})["c"] == "b"


def test_short_texts_are_copies_when_equal_under_an_equal_title():
    documents = {
        "a": ("Duties", FLASH, day(4)),
        "b": ("Duties!", FLASH + ".", day(4)),
        "c": ("Duties", FLASH + " soon", day(4)),
        "d": ("Another day", FLASH, day(4)),
    }
    assert firsts(documents) == {"a": "a", "b": "a", "c": "c", "d": "d"}


def test_undated_texts_are_copies_only_when_equal():
    documents = {
        "a": ("", WIRE, day(4)),
        "b": ("", WIRE, None),
        "c": ("", WIRE + " And more.", None),
        "d": ("", WIRE + " And more.", None),
    }
    assert firsts(documents) == {"a": "a", "b": "a", "c": "c", "d": "c"}


def test_texts_without_words_are_no_copies_of_one_another():
    assert firsts({"a": ("", "", day(4)), "b": ("", "…", day(4))}) == {"a": "a", "b": "b"}


def test_nothing_in_nothing_out():
    found = find_stories(
        [], [], [], [], shingle_words=4, permutations=128, similarity=0.5, window_days=7, seed=49
    )
    assert found == ([], [])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_seed_finds_candidates_and_decides_nothing(seed):
    documents = {"a": ("", WIRE, day(4)), "b": ("", WIRE + " " + OTHER, day(4)), "c": ("", OTHER, day(4))}
    assert stories(documents, seed=seed) == stories(documents)


def test_one_of_each_for_every_document():
    with pytest.raises(ValueError, match=r"2 ids \(1 distinct\), 1 titles, 2 texts and 0 dates"):
        find_stories(
            ["a", "a"],
            [""],
            ["", ""],
            [],
            shingle_words=4,
            permutations=128,
            similarity=0.5,
            window_days=7,
            seed=49,
        )


def test_odd_permutations_are_refused():
    with pytest.raises(ValueError, match="multiple of 2, found 127"):
        stories({"a": ("", WIRE, day(1))}, permutations=127)


DOCUMENT = st.tuples(
    st.sampled_from(["", "Duties", "duties"]),
    st.tuples(st.integers(0, 30), st.integers(10, 40)).map(
        lambda span: " ".join(f"word{i}" for i in range(span[0], span[0] + span[1]))
    ),
    st.none() | st.integers(1, 20).map(day),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, max_size=12), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(rows, random):
    documents = {f"id{i:02d}": row for i, row in enumerate(rows)}
    shuffled = list(documents.items())
    random.shuffle(shuffled)
    if documents:
        assert stories(dict(shuffled)) == stories(documents)


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=12))
def test_a_story_is_its_first_document_and_what_is_like_it(rows):
    documents = {f"id{i:02d}": row for i, row in enumerate(rows)}
    for key, (first, similarity) in stories(documents).items():
        assert stories(documents)[first] == (first, 1.0)
        assert similarity >= 0.5
        date, first_date = documents[key][2], documents[first][2]
        if date is not None:
            assert datetime.timedelta(0) <= date - first_date <= datetime.timedelta(days=7)


def permit(name):
    """A document of a template that recurs."""
    words = " ".join(f"clause{i} of the permit" for i in range(20))
    return f"By the authority vested in me I grant a permit to {name}. {words}"


def grouped(documents, stories=None):
    ids = [f"{i:016x}" for i in range(len(documents))]
    stories = stories or ids
    return alike_groups(
        ids, [""] * len(ids), documents, stories, shingle_words=4, permutations=192, similarity=0.5, seed=49
    )


LILIES = (
    "The lilies bloom early this year in all of the gardens of the town and nobody knows the cause of it yet."
)


def test_recurring_templates_are_one_group_whenever_they_were_published():
    first, other, again = grouped([permit("Enbridge"), LILIES, permit("Bakken Pipeline Company")])
    assert first == again == "0" * 16
    assert other != first


def test_documents_of_one_story_are_one_group_however_unlike():
    assert len(set(grouped([permit("Enbridge"), LILIES], stories=["a", "a"]))) == 1
    assert len(set(grouped([permit("Enbridge"), LILIES], stories=["a", "b"]))) == 2


def test_folds_keep_groups_together_and_lie_in_range():
    folds = fold_of_groups(["a" * 16, "a" * 16, "b" * 16], 5)
    assert folds[0] == folds[1]
    assert all(0 <= fold < 5 for fold in folds)
