"""params.yaml is closed: what it does not know, it refuses before work begins."""

import copy
import re

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
        ("clean", "languages", []),
        ("prepare_labels", "corpora", []),
        ("group", "seed", -1),
        ("measure", "seed", -1),
        ("evaluate", "seed", -49),
        ("group", "permutations", 191),
        ("embed", "max_tokens", True),
        ("ingest", "earliest_date", "soon"),
    ],
)
def test_wrong_value_names_section_key_and_value(changed, section, key, value):
    with pytest.raises(ParamsError, match=rf"{section}\.{key}: .*found {re.escape(repr(value))}"):
        changed(lambda whole: whole[section].update({key: value}))


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"canada": ["(canada"]}, r"passage_terms\.canada: '\(canada' is not a regular expression: .*found"),
        ({"us": ["u.s.", ""]}, r"passage_terms\.us: '' is an empty pattern \(found \['u\.s\.', ''\]\)"),
        ({"us": []}, r"passage_terms\.us: list should have at least 1 item .*\(found \[\]\)"),
        ({"us": "washington"}, r"passage_terms\.us: .*valid list \(found 'washington'\)"),
        (
            {"canada": ["ottawa", "(?i)canada"]},
            r"passage_terms\.canada: joined by \|, .*: global flags not at the start of the expression; "
            r"write flags as \(\?i:\.\.\.\) .*found \['ottawa', '\(\?i\)canada'\]",
        ),
        (
            {"us": ["(?P<place>ohio)", "(?P<place>maine)"]},
            r"passage_terms\.us: joined by \|, .*: redefinition of group name 'place'.*name no group twice",
        ),
        ({"mexico": ["mexico"]}, r"unknown key clean\.passage_terms\.mexico; valid keys there: canada, us$"),
    ],
)
def test_passage_terms_that_cannot_be_searched_for(changed, terms, message):
    with pytest.raises(ParamsError, match=message) as caught:
        changed(lambda value: value["clean"]["passage_terms"].update(terms))
    assert "\n" not in str(caught.value)


def test_both_countries_need_passage_terms(changed):
    with pytest.raises(ParamsError, match=r"missing key clean\.passage_terms\.us$"):
        changed(lambda value: value["clean"]["passage_terms"].pop("us"))


def test_passage_terms_stay_a_mapping_of_lists(changed):
    assert (
        changed(lambda value: None).clean.model_dump()["passage_terms"] == DEFAULT["clean"]["passage_terms"]
    )


def test_a_language_is_two_letters(changed):
    with pytest.raises(ParamsError, match=r"clean\.languages\.1: .*\(found 'English'\)"):
        changed(lambda value: value["clean"].update(languages=["fr", "English"]))


def test_dates_the_wrong_way_round(changed):
    with pytest.raises(
        ParamsError,
        match=r"ingest\.latest_date: it is before earliest_date, 1980-01-01 \(found '1979-12-31'\)",
    ):
        changed(lambda value: value["ingest"].update(latest_date="1979-12-31"))
    same = changed(lambda value: value["ingest"].update(latest_date="1980-01-01")).ingest
    assert same.earliest_date == same.latest_date


def test_no_corpus_at_all(changed):
    with pytest.raises(
        ParamsError, match=r"corpora: dictionary should have at least 1 item .*\(found \{\}\)"
    ):
        changed(lambda value: value.update(corpora={}))


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
