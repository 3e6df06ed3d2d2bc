"""A fitted model comes back as it was written, or not at all."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline.store import Arrays, StoreError, read_card, read_model, write_model

REMEDY = r"; remove \S*themes and run `dvc repro`$"
MODEL = Arrays(
    {"coefficients": np.arange(6, dtype=np.float32).reshape(2, 3), "counts": np.array([3, 0])},
    {"classes": ["métaux", "off_topic"], "temperature": 1.5, "words": {"b": 1, "a": 0}},
)


@pytest.fixture
def folder(tmp_path):
    """Two models in a folder."""
    write_model(tmp_path / "themes", {"whole": MODEL, "fold_0": MODEL}, {"articles": 314})
    return tmp_path / "themes"


def test_a_model_comes_back_as_it_was_written(folder):
    found = read_model(folder, "fold_0")
    assert found.meaning == MODEL.meaning
    assert set(found.arrays) == set(MODEL.arrays)
    for name, array in MODEL.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array, strict=True)


@given(
    array=arrays(
        st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.bool_]),
        array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
    turned=st.booleans(),
)
def test_any_array_keeps_its_shape_type_and_values(tmp_path_factory, array, turned):
    folder, written = tmp_path_factory.mktemp("model"), array.T if turned else array
    write_model(folder, {"whole": Arrays({"a": written}, {})}, {})
    np.testing.assert_array_equal(read_model(folder, "whole").arrays["a"], written, strict=True)


def test_order_changes_no_byte(folder, tmp_path):
    turned = Arrays(
        dict(reversed(MODEL.arrays.items())),
        {**dict(reversed(MODEL.meaning.items())), "words": {"a": 0, "b": 1}},
    )
    write_model(tmp_path / "again", {"fold_0": turned, "whole": turned}, {"articles": 314})
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["card.json", "fold_0.safetensors", "whole.safetensors"]
    for name in files:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_the_card_says_what_it_was_given_and_names_the_files(folder):
    card = read_card(folder)
    assert card["articles"] == 314
    assert sorted(card["files"]) == ["fold_0.safetensors", "whole.safetensors"]


def test_a_model_that_is_no_longer_fitted_leaves_no_file(folder):
    write_model(folder, {"whole": MODEL}, {})
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "whole.safetensors"]
    assert list(read_card(folder)["files"]) == ["whole.safetensors"]


def changed(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: changed(content, 20),
        lambda content: changed(content, len(content) - 1),
    ],
    ids=["empty", "cut short", "longer", "header changed", "value changed"],
)
def test_a_damaged_file_is_refused_whichever_model_is_asked_for(folder, damage):
    path = folder / "whole.safetensors"
    path.write_bytes(damage(path.read_bytes()))
    for read in (read_card, lambda folder: read_model(folder, "fold_0")):
        with pytest.raises(
            StoreError, match=rf"whole\.safetensors was cut short or changed: its checksum.*{REMEDY}"
        ):
            read(folder)


def test_a_missing_file_is_named(folder):
    (folder / "fold_0.safetensors").unlink()
    with pytest.raises(StoreError, match=rf"themes/fold_0\.safetensors is missing{REMEDY}"):
        read_model(folder, "whole")


@pytest.mark.parametrize("found", [0, 2, "1", None])
def test_a_model_of_another_version_is_refused(folder, found):
    card = {**json.loads((folder / "card.json").read_text(encoding="utf-8")), "format": found}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(
        StoreError, match=rf"the model's format is {found!r}, and this version reads 1{REMEDY}"
    ):
        read_model(folder, "whole")


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ('{"format": 1', r"card\.json is not valid JSON: "),
        ("", r"card\.json is not valid JSON: "),
        ("[1]", r"the model's format is None, and this version reads 1"),
        ('{"format": 1}', r"card\.json does not say which files the model has"),
        ('{"format": 1, "files": ["whole.safetensors"]}', r"card\.json does not say which files"),
    ],
)
def test_a_broken_card_says_what_to_do(folder, card, message):
    (folder / "card.json").write_text(card, encoding="utf-8")
    with pytest.raises(StoreError, match=rf"{message}.*{REMEDY}"):
        read_card(folder)


def test_a_folder_without_a_model_says_what_makes_it(tmp_path):
    for read in (read_card, lambda folder: read_model(folder, "whole")):
        with pytest.raises(StoreError, match=r"stance holds no fitted model; `dvc repro` makes it$"):
            read(tmp_path / "stance")


def test_a_model_that_the_card_does_not_name_is_refused(folder):
    (folder / "fold_9.safetensors").write_bytes((folder / "whole.safetensors").read_bytes())
    with pytest.raises(StoreError, match=r"themes holds no model 'fold_9'; remove it and run `dvc repro`$"):
        read_model(folder, "fold_9")
