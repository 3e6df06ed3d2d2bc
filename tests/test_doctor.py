"""The doctor names every problem at once, each with what to do about it."""

import json
import re
import shutil
import sys
from importlib import metadata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import doctor, store
from pipeline import seed_problems as seeds
from pipeline.doctor import Finding
from pipeline.methods import encoders
from pipeline.params import read_params
from pipeline.tables.stories import STORIES
from pipeline.tables.vectors import ARTICLE_VECTORS
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("PARALLEL49_CACHE", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A checkout in which nothing ran yet."""
    for name in ("params.yaml", "dvc.yaml", "requirements.txt"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "pipeline").symlink_to(ROOT / "pipeline")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_line(path, number, **changes):
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[number - 1] = json.dumps({**json.loads(lines[number - 1]), **changes})
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def not_ok(findings):
    return [finding for finding in findings if finding.level != "ok"]


def told(capsys):
    """What main printed, as pairs of level and the rest of the line."""
    return [tuple(line.split(maxsplit=1)) for line in capsys.readouterr().out.splitlines()]


def test_the_repository_is_well(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert doctor.main() == 0
    lines = told(capsys)
    assert {level for level, _ in lines} <= {"ok", "note"}
    assert any(text.startswith("labels of sample: ") for _, text in lines)


def test_a_fresh_clone_is_well_and_says_what_is_not_made_yet(folder, capsys):
    assert doctor.main() == 0
    notes = [text for level, text in told(capsys) if level != "ok"]
    assert notes == [
        *(
            f"models/{model}: no fitted model yet; `dvc repro` makes it"
            for model in ("themes", "stance", "topics/sample", "topics/white_house")
        ),
        *(
            f"data/{name}: no tables yet; `dvc repro` makes them"
            for name in ("labels", "sample", "white_house")
        ),
    ]


def test_one_run_shows_every_problem_and_fails(folder, capsys):
    edit(folder / "params.yaml", "path: seeds/sample/articles.jsonl", "path: nowhere")
    edit(folder / "seeds/actors.csv", "\n3M,", "\n3M,,")
    (folder / "models/stance").mkdir(parents=True)
    (folder / "models/stance/card.json").write_text("{", encoding="utf-8")
    assert doctor.main() == 1
    shown = capsys.readouterr()
    problems = [line for line in shown.out.splitlines() if line.startswith("problem  ")]
    assert len(problems) == 3
    assert problems[0] == (
        "problem  seeds/actors.csv, line 2: the number of cells differs from the header's; "
        "mend it, or `git restore seeds/actors.csv` brings back the committed one"
    )
    assert "nowhere: no such file or folder; mend the corpus's path in params.yaml" in problems[1]
    assert problems[1].startswith("problem  corpus sample: ")
    assert "models/stance/card.json is not valid JSON" in problems[2]
    assert shown.err.startswith("doctor: 3 problems, ")


def test_an_unknown_param_is_named_and_what_needs_params_is_left_out(folder):
    edit(folder / "params.yaml", "  folds:", "  fold:")
    problem, note = not_ok(doctor.examine())
    assert problem.level == "problem"
    assert "unknown key prepare_labels.fold; valid keys there: corpora, folds" in problem.what
    assert "`git restore params.yaml`" in problem.remedy
    assert note == Finding(
        "note", "encoder, corpora, labels, models and tables were not checked: they need params"
    )


def test_another_folder_is_answered_with_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    *_, last = doctor.examine()
    assert last == Finding("problem", "params.yaml is not in this folder; go to the repository's root folder")


def test_a_corpus_may_lie_outside_and_a_missing_or_empty_one_is_a_problem(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.txt").write_text("A title\nText", encoding="utf-8")
    (folder / "empty").mkdir()
    entries = "\n".join(
        f"  {name}: {{path: {path}, period_kind: day}}"
        for name, path in (("gone", "gone"), ("empty", "empty"), ("mine", outside))
    )
    edit(folder / "params.yaml", "corpora:\n", f"corpora:\n{entries}\n")
    gone, empty, mine, *_ = doctor.check_corpora(read_params())
    assert gone == Finding(
        "problem", "corpus gone: gone: no such file or folder; mend the corpus's path in params.yaml"
    )
    assert empty.level == "problem"
    assert empty.what.startswith("corpus empty: empty: the folder holds no file; put articles there")
    assert mine == Finding("ok", f"corpus mine: 1 file at {outside}")


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "outlets.csv",
            "Border Trade Weekly,,canada,press",
            "Border Trade Weekly,,canada",
            "line 2: the number of cells",
        ),
        (
            "outlets.csv",
            "Great Lakes Wire,,us,",
            "Great Lakes Wire,,usa,",
            "row 2, Great Lakes Wire: country is 'usa'; it must be one of us, canada, other, unknown",
        ),
        (
            "actors.csv",
            "3M,,,,us,business,,",
            "3M,,,,us,firm,,",
            "row 1, 3M: kind is 'firm'; it must be one of",
        ),
        (
            "actors.csv",
            "3M,,,,us,business,,",
            "3M,,,,us,business,2019-13-01,",
            "3M: from is '2019-13-01', not a date like 2025-03-14",
        ),
        ("themes.csv", "metals,trade,", "metals,trades,", "row 3, metals: group is 'trades'; it must be"),
        (
            "themes.csv",
            "autos,trade,",
            "metals,trade,",
            "row 4: theme 'metals' stands on row 3 too; keep one",
        ),
        ("themes.csv", "off_topic,", "off,", "no theme off_topic: articles that are not relevant need it"),
        ("targets.yaml", "- target: us_tariffs", "- goal: us_tariffs", "row 1: target is None; it must be"),
        ("targets.yaml", "  label: U.S.", "  labels: U.S.", "target us_tariffs: label is None; it must be"),
        ("targets.yaml", "- target:", "- target: [", "is not valid YAML"),
        (
            "turning_points.csv",
            "usmca_signed,2018-11-30",
            "usmca_signed,30/11/2018",
            "usmca_signed: date is '30/11/2018', not a date like 2025-03-14",
        ),
        (
            "contrasts.yaml",
            "turning_point: second_trump",
            "turning_point: third_trump",
            "contrast canada_partnership_second_inauguration: turning_point 'third_trump_inauguration' is not in",
        ),
        (
            "contrasts.yaml",
            "subject: close_partnership",
            "subject: partnership",
            "contrast canada_partnership_second_inauguration: subject 'partnership' is none of us_tariffs, ",
        ),
    ],
)
def test_a_broken_list_names_file_row_and_remedy(folder, name, old, new, problem):
    edit(folder / "seeds" / name, old, new)
    found = not_ok(doctor.check_lists())
    of_file = [finding for finding in found if finding.what.startswith(f"seeds/{name}")]
    assert problem in of_file[0].what
    assert f"`git restore seeds/{name}`" in of_file[0].remedy
    assert len(of_file) == 1
    assert {finding.level for finding in found} == {"problem"}


def test_every_stray_cell_of_a_list_is_shown(folder):
    edit(folder / "seeds/outlets.csv", "Border Trade Weekly,,canada,press", "Border Trade Weekly,,ca,paper")
    assert len(seeds.list_problems("outlets.csv")) == 2


def test_labels_that_contradict_one_another_are_a_problem_and_the_other_corpus_is_still_checked(folder):
    edit_line(folder / "seeds/sample/article_labels.jsonl", 2, relevant=False)
    problem, well = doctor.check_labels(read_params())
    assert problem.level == "problem"
    assert problem.what.startswith(
        "seeds/sample/article_labels.jsonl, line 2: relevant is false and theme is 'norad_arctic', which contradict"
    )
    assert problem.remedy == "mend it, or take sample out of prepare_labels.corpora in params.yaml"
    assert well.what.startswith("labels of white_house: ")


def test_a_missing_labels_file_is_a_problem(folder):
    (folder / "seeds/sample/statement_labels.jsonl").unlink()
    problem, _ = doctor.check_labels(read_params())
    assert problem.what.startswith("seeds/sample/statement_labels.jsonl")
    assert "no such file" in problem.what


def test_a_target_without_labels_and_a_theme_with_few_are_notes(folder):
    with (folder / "seeds/targets.yaml").open("a", encoding="utf-8") as stream:
        stream.write("- {target: water, label: Water, wording: Water is shared well., cues: [water]}\n")
    with (folder / "seeds/themes.csv").open("a", encoding="utf-8") as stream:
        stream.write("sport,neither,hockey\n")
    for number, line in enumerate(
        (folder / "seeds/sample/article_labels.jsonl").read_text(encoding="utf-8").splitlines()[:40], start=1
    ):
        if json.loads(line)["theme"] == "metals":
            edit_line(folder / "seeds/sample/article_labels.jsonl", number, theme="sport")
            break
    assert not_ok(doctor.check_labels(read_params())) == [
        Finding(
            "note",
            "target water has 0 gold statements, and 10 or more are needed",
            "label more, or no model will find it",
        ),
        Finding(
            "note",
            "theme sport has 1 labelled article, and 5 or more are needed",
            "label more, or no model will find it",
        ),
    ]


def test_labels_wait_for_their_codebook(folder):
    (folder / "seeds/themes.csv").unlink()
    (note,) = doctor.check_labels(read_params())
    assert note == Finding("note", "the labels were not checked: they need targets.yaml and themes.csv")


def test_a_damaged_model_is_a_problem_and_a_whole_one_is_not(folder):
    model = store.Arrays({"coefficients": np.ones((3, 2), dtype=np.float32)}, {"classes": ["a", "b"]})
    for name in ("themes", "stance"):
        store.write_model(folder / "models" / name, {"whole": model, "fold_0": model}, {})
    path = folder / "models/stance/whole.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    whole, damaged, *_ = doctor.check_models(read_params())
    assert whole == Finding("ok", "models/themes: 2 files, with the checksums of its card")
    assert damaged == Finding(
        "problem",
        "models/stance/whole.safetensors was cut short or changed: its checksum is not the card's; "
        "remove models/stance and run `dvc repro`",
    )


def test_a_table_of_another_version_is_a_note_and_one_cut_short_a_problem(folder):
    row = {"article_id": ["a"], "story_id": ["a"], "similarity": [1.0]}
    store.write_table(folder / "data/white_house", STORIES, pd.DataFrame(row))
    store.write_table(folder / "data/sample", STORIES, pd.DataFrame(row))
    pq.write_table(pa.table({"article_id": ["a"], "copy_of": ["a"]}), folder / "data/sample/stories.parquet")
    store.write_vectors(folder / "data/labels", ARTICLE_VECTORS, ["a"], np.ones((1, 3)))
    (folder / "data/sample/coverage.parquet").write_bytes(b"PAR1")
    labels, broken, stale, whole = doctor.check_tables(read_params())
    assert labels == Finding("ok", "data/labels: 1 table, with the columns of this version")
    assert broken == Finding(
        "problem",
        "data/sample/coverage.parquet is not a whole Parquet file; remove it and run `dvc repro`",
    )
    assert stale == Finding(
        "note", "data/sample/stories.parquet was written by another version", "`dvc repro` writes it anew"
    )
    assert whole == Finding("ok", "data/white_house: 1 table, with the columns of this version")


def test_packages_that_are_not_those_pinned_are_named_with_both_versions(folder, monkeypatch):
    installed = metadata.version

    def version(name):
        if name == "scipy":
            raise metadata.PackageNotFoundError(name)
        return "1.0" if name == "pandas" else installed(name)

    monkeypatch.setattr(metadata, "version", version)
    (problem,) = doctor.check_packages()
    assert problem.level == "problem"
    assert re.fullmatch(
        r"2 packages not as requirements\.txt pins: "
        r"pandas is 1\.0 \(pinned 3\.[\d.]+\), scipy is missing \(pinned 1\.[\d.]+\)",
        problem.what,
    )
    assert problem.remedy == "remove .venv and run `make setup`"


def test_pins_of_other_machines_do_not_count(folder):
    (folder / "requirements.txt").write_text(
        "# pins\nnowhere==1.0 ; sys_platform == 'amiga' \\\n    --hash=sha256:00\n"
        f"packaging=={metadata.version('packaging')}\n",
        encoding="utf-8",
    )
    assert list(doctor.check_packages()) == [Finding("ok", "1 package, as requirements.txt pins")]


def test_an_old_python_is_a_problem(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    (problem,) = doctor.check_python()
    assert problem.what == "this is Python 3.9.2, and 3.11 or later is needed"
    assert "make setup PYTHON=python3.12" in problem.remedy


def test_without_git_or_dvc_nothing_can_run(monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    assert [finding.what for finding in doctor.check_programs()] == ["DVC is missing"]
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert [finding.what for finding in doctor.check_programs()] == [
        "git is missing, and DVC needs it; install git"
    ]


def test_a_file_of_dvc_yaml_that_is_gone_is_a_problem(folder):
    (folder / "seeds/actors.csv").unlink()
    assert not_ok(doctor.check_declared_files()) == [
        Finding(
            "problem",
            "seeds/actors.csv is missing, and dvc.yaml names it",
            "`git restore seeds/actors.csv` brings back the committed one; or take it out of dvc.yaml",
        )
    ]


@pytest.mark.parametrize("text", ["", "- a\n", "stages: {clean: }\n", "stage: {}\n"])
def test_a_dvc_yaml_without_stages_is_a_problem(folder, text):
    (folder / "dvc.yaml").write_text(text, encoding="utf-8")
    assert list(doctor.check_declared_files()) == [
        Finding(
            "problem",
            "dvc.yaml does not describe stages",
            "mend it, or `git restore dvc.yaml` brings back the committed one",
        )
    ]


def test_an_encoder_that_is_not_the_one_tested_is_a_problem(folder, monkeypatch):
    wrong = encoders._MINILM_WEIGHTS._replace(sha256="0" * 64)
    monkeypatch.setattr(encoders, "_MINILM_WEIGHTS", wrong)
    problem = next(finding for finding in doctor.examine() if finding.level == "problem")
    assert "is not the file that was tested" in problem.what
    assert "remove .venv and run `make setup`" in problem.what


def test_a_cache_that_cannot_be_written_and_a_full_disk_are_notes(folder, cache, monkeypatch, capsys):
    (cache / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("PARALLEL49_CACHE", str(cache / "file"))
    (note,) = not_ok(doctor.check_encoder(read_params()))
    assert note.level == "note"
    assert note.remedy == "let PARALLEL49_CACHE name a folder that you may write"
    assert str(cache / "file") in capsys.readouterr().err
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5e8}))
    assert list(doctor.check_disk()) == [
        Finding("note", "0.5 GB free on the disk of this folder", "make room: a large corpus needs 2 GB")
    ]
