"""params.yaml is closed: what it does not know, it refuses before work begins."""

import copy

import pytest
import yaml

from pipeline.params import ParamsError, read_params
from tests.imports import ROOT

DEFAULT = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def changed(tmp_path):
    def change(edit):
        value = copy.deepcopy(DEFAULT)
        edit(value)
        path = tmp_path / "params.yaml"
        path.write_text(yaml.safe_dump(value), encoding="utf-8")
        return read_params(path)

    return change


def test_misspelled_key_names_the_valid_ones(changed):
    def misspell(value):
        value["group"]["similarty"] = value["group"].pop("similarity")

    with pytest.raises(
        ParamsError, match=r"unknown key group\.similarty; valid keys there: .*similarity"
    ) as caught:
        changed(misspell)
    assert "missing key group.similarity" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_misspelled_section_names_the_valid_ones(changed):
    with pytest.raises(ParamsError, match=r"unknown key measures; valid keys there: corpora, .*measure, "):
        changed(lambda value: value.update(measures={}))


def test_misspelled_key_of_a_corpus(changed):
    with pytest.raises(
        ParamsError, match=r"unknown key corpora\.sample\.folder; valid keys there: path, period_kind"
    ):
        changed(lambda value: value["corpora"]["sample"].update(folder="x"))


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("measure", "resamples", "many"),
        ("measure", "resamples", 10),
        ("measure", "population", "world"),
        ("group", "similarity", 1.5),
        ("clean", "languages", "en"),
        ("embed", "max_tokens", True),
        ("ingest", "earliest_date", "soon"),
    ],
)
def test_wrong_value_names_section_key_and_value(changed, section, key, value):
    with pytest.raises(ParamsError, match=rf"{section}\.{key}: .*found {value!r}"):
        changed(lambda whole: whole[section].update({key: value}))


def test_pattern_that_does_not_compile_is_named(changed):
    with pytest.raises(ParamsError, match=r"clean\.passage_terms: .*'\(canada' is not a regular expression"):
        changed(lambda value: value["clean"]["passage_terms"].update(canada=["(canada"]))


def test_corpus_may_not_be_called_labels(changed):
    with pytest.raises(ParamsError, match="no corpus may be called labels"):
        changed(lambda value: value["corpora"].update(labels={"path": "x", "period_kind": "day"}))


def test_unknown_corpus_names_those_there_are(changed):
    with pytest.raises(ParamsError, match=r"no corpus 'mine' in params\.yaml; there are sample, white_house"):
        changed(lambda value: None).corpus("mine")


def test_broken_yaml_is_one_line(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("corpora: [", encoding="utf-8")
    with pytest.raises(OSError, match=r"params.yaml is not valid YAML: .*line"):
        read_params(path)


def test_a_list_is_not_params(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("- corpora\n", encoding="utf-8")
    with pytest.raises(ParamsError, match=r"params\.yaml: "):
        read_params(path)
