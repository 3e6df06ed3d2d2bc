import pandas as pd

from pipeline.params import Group
from pipeline.stages.group import group
from pipeline.tables.stories import STORIES

PARAMS = Group(shingle_words=4, permutations=128, similarity=0.5, window_days=7, seed=49)
WIRE = (
    "Ottawa will answer the new steel tariffs with duties of its own, the finance minister said on Tuesday. "
    "The list covers tools, computers and sporting goods worth thirty billion dollars."
)


def coverage(*rows):
    frame = pd.DataFrame(rows, columns=["article_id", "published_date", "title", "text"])
    frame["published_date"] = pd.to_datetime(frame["published_date"])
    return frame


ROWS = coverage(
    ("c", "2025-02-05", "Ottawa hits back", WIRE + " More to come."),
    ("a", "2025-02-04", "Canada answers tariffs", WIRE),
    ("b", None, "Canada answers tariffs", WIRE),
    ("d", "2025-03-05", "Canada answers tariffs", WIRE),
)


def test_copies_of_one_wire_story_are_one_story():
    found = group(ROWS, PARAMS).set_index("article_id")
    assert found["story_id"].to_dict() == {"a": "a", "b": "a", "c": "a", "d": "d"}
    assert found["similarity"].to_dict() == {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0}


def test_row_order_changes_nothing_and_the_input_stays_as_it_was():
    before = ROWS.copy(deep=True)
    pd.testing.assert_frame_equal(group(ROWS, PARAMS), group(ROWS.iloc[::-1], PARAMS))
    pd.testing.assert_frame_equal(ROWS, before)


def test_the_table_keeps_its_contract():
    assert STORIES.conform(group(ROWS, PARAMS)).num_rows == 4
    assert STORIES.conform(group(ROWS.iloc[:0], PARAMS)).num_rows == 0
