"""The findings alone: as text short enough for a terminal or an e-mail, and as a table."""

from pipeline.report.csv_text import csv_text
from pipeline.report.material import Material
from pipeline.report.wording import count

ROW_COLUMNS = (
    *("contrast", "family", "subject", "group", "before_from", "before_to", "after_from", "after_to"),
    *("before", "after", "change", "low", "high", "p", "q", "n_labelled_before", "n_labelled_after"),
    *("n_needed", "status", "population", "method"),
)


def brief(material: Material) -> str:
    """What the corpus is, its findings, and how many comparisons cannot be claimed yet, as Markdown."""
    found = material.findings()
    told = {
        standing: [finding.sentence for finding in found if finding.standing == standing]
        for standing in ("change", "no_change", "described")
    }
    scale = "Net stance runs from −1 (all statements against) to +1 (all in favor)." if found else ""
    lines = [
        *(f"# {material.title}", material.what_it_is, material.nothing_found(), scale),
        _bullets(told["change"]),
    ]
    if told["no_change"]:
        lines.append(_bullets(told["no_change"]))
    if told["described"]:
        more = count(len(told["described"]), "comparison")
        lines.append(f"{more} cannot be claimed yet; the report says what each would take.".capitalize())
    return "\n\n".join(filter(None, lines)) + "\n"


def _bullets(sentences: list[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def findings_csv(material: Material) -> str:
    """Every contrast as one row of CSV: how it stands, its sentence, and the numbers unrounded."""
    rows = (
        [finding.standing, finding.sentence, *(finding.row[column] for column in ROW_COLUMNS)]
        for finding in material.findings()
    )
    return csv_text(("standing", "sentence", *ROW_COLUMNS), rows)
