import pandas as pd
import pytest

from pipeline.inspect import corpus_line, main, suggest_period


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [
        ("2026-01-01", "2026-01-10", "day"),
        ("2025-01-01", "2025-05-01", "week"),
        ("2021-01-20", "2026-08-18", "month"),
        ("2019-01-03", "2025-10-31", "quarter"),
        ("1987-02-26", "2025-02-14", "year"),
    ],
)
def test_the_kind_of_period_fits_the_span(first, last, kind):
    assert suggest_period(pd.to_datetime(pd.Series([last, first, None]), utc=True)) == kind


def test_without_dates_the_kind_of_period_is_month():
    assert suggest_period(pd.Series([None], dtype="datetime64[us, UTC]")) == "month"


def test_the_line_for_params_has_a_path_that_yaml_can_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert corpus_line(tmp_path / "mine", "day") == "mine: {path: mine, period_kind: day}"
    assert corpus_line(tmp_path / "my, articles", "day") == 'mine: {path: "my, articles", period_kind: day}'
    assert corpus_line(tmp_path.parent / "x", "day").startswith(f"mine: {{path: {tmp_path.parent}/x,")


def test_it_shows_formats_fields_dates_samples_quarantine_and_the_line_to_add(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "a.jsonl").write_text(
        '{"Headline": "Steel talks", "story": "The minister spoke.", "date": "2025-03-28", "desk": "x"}\n'
        '{"Headline": "Milk talks", "story": "The minister slept.", "date": "03/04/2025"}\n'
        '{"Headline": "Lumber talks", "story": "Nobody spoke."}\n'
    )
    (tmp_path / "b.txt").write_text("A title\nText")
    (tmp_path / "c.pdf").write_text("x")
    main(tmp_path, 2)
    shown = capsys.readouterr().out
    for expected in (
        "3 files: 1 .jsonl, 1 .pdf, 1 .txt",
        "5 documents = 3 articles + 2 in quarantine (bad_date 1, unknown_format 1)",
        "│ title        │ Headline   │ 3",
        "│ outlet       │ not found  │ 0",
        "other fields, kept in extra: desk 1",
        "dates 2025-03-28 to 2025-03-28; without a date 66.7%, without an outlet 100.0%",
        "Steel talks",
        "could be 2025-03-04 or",
        f"mine: {{path: {tmp_path}, period_kind: day}}",
    ):
        assert expected in shown
    assert "A title" not in shown
