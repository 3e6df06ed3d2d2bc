"""One command line: the stages, `run` for all of them, and `inspect` for what a path holds."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from threadpoolctl import threadpool_limits

from pipeline.params import read_params

CORPUS_STAGES = {
    "ingest": "Read every document of the corpus's path into articles, or into quarantine with its reason.",
    "clean": "Take boilerplate off, repair text, keep the passages in scope: articles to coverage.",
    "group": "Find copies of one wire story: coverage to stories.",
    "attribute": "Split sentences and say who speaks or acts: coverage to sentences and attributions.",
    "embed": "Turn articles and sentences into vectors; only new texts cost time.",
    "classify": "Judge relevance, theme and statements by the fitted models.",
    "fit_topics": "Find topics among the relevant articles.",
    "measure": "Count series by period; estimate the declared contrasts from gold, with intervals.",
    "detect": "Find when shares of themes and topics changed: series to shifts.",
    "evaluate": "Score the steps against gold: metrics/<corpus>.json.",
    "report": "Write reports/<corpus>/index.html.",
}

LEARNING_STAGES = {
    "prepare_labels": "Carry the gold labels of seeds through cleaning onto articles and sentences.",
    "fit_themes": "Learn relevance and themes from the labelled articles.",
    "fit_stance": "Learn targets and stances from the labelled sentences.",
}
PANEL = "Stages (dvc repro runs them)"

app = typer.Typer(
    name="python -m pipeline",
    help="Parallel 49: track how news coverage of U.S.-Canada trade and security shifts. "
    "An error is one line; with --debug anywhere on the line, the whole traceback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
CorpusOption = Annotated[str, typer.Option(help="A corpus of params.yaml.")]


def _call(module: str, *arguments: Any) -> None:
    """Call a module's main with one thread of linear algebra, whose sums depend on how many there are."""
    importlib.import_module("scipy.linalg")  # loads the libraries that are limited
    main = importlib.import_module(module).main
    with threadpool_limits(1, user_api="blas"):
        main(*arguments)


def _add_learning_stage(stage: str, summary: str) -> None:
    def command() -> None:
        _call(f"pipeline.stages.{stage}")

    app.command(stage, help=summary, rich_help_panel=PANEL)(command)


def _add_corpus_stage(stage: str, summary: str) -> None:
    def command(corpus: CorpusOption) -> None:
        read_params().corpus(corpus)  # an unknown one is refused before work begins
        _call(f"pipeline.stages.{stage}", corpus)

    app.command(stage, help=summary, rich_help_panel=PANEL)(command)


for _stage, _summary in LEARNING_STAGES.items():
    _add_learning_stage(_stage, _summary)
for _stage, _summary in CORPUS_STAGES.items():
    _add_corpus_stage(_stage, _summary)


@app.command()
def run() -> None:
    """Run every stage that is out of date; print the reports, the wall time and the findings."""
    raise typer.Exit(importlib.import_module("pipeline.run").main())


@app.command()
def apply(
    articles: Annotated[Path, typer.Option(help="A file or folder of new articles.")],
    out: Annotated[Path, typer.Option(help="Folder that the tables are written into, as Parquet.")],
    corpus: CorpusOption = "sample",
) -> None:
    """Apply the fitted models to new articles, without fitting anything.

    Topics are those of the corpus; relevance, themes and statements are by the models of all labels.
    """
    _call("pipeline.apply", articles, out, corpus)


@app.command()
def inspect(
    path: Annotated[Path, typer.Argument(help="A file or folder of articles.")],
    rows: Annotated[int, typer.Option(help="How many documents to show.")] = 5,
) -> None:
    """Show what would be recognised at a path, before anything runs."""
    importlib.import_module("pipeline.inspect").main(path, rows)


@app.command()
def compare(
    before: Annotated[str, typer.Option(help="A period: 2024, 2024-11, 2024-11-25, or 2024-11:2025-01.")],
    after: Annotated[str, typer.Option(help="A later period.")],
    corpus: CorpusOption = "sample",
    family: Annotated[str | None, typer.Option(help="stance, theme or theme_group alone.")] = None,
    subject: Annotated[str | None, typer.Option(help="One target, theme or theme group alone.")] = None,
    group: Annotated[str | None, typer.Option(help="One side, or outlet country, or all.")] = None,
    out: Annotated[Path | None, typer.Option(help="A CSV file to write the comparison into.")] = None,
) -> None:
    """Compare any two periods, from gold where there are labels; what it shows was found by looking."""
    read_params().corpus(corpus)
    wanted = {"family": family, "subject": subject, "group": group}
    _call("pipeline.compare", corpus, before, after, wanted, out)


@app.command()
def doctor() -> None:
    """Check environment, params, seeds, models and tables; say what to do about each problem."""
    raise typer.Exit(importlib.import_module("pipeline.doctor").main())


def main() -> None:
    """Run the command line; an expected error is one line, with `--debug` the whole traceback."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(arguments)
    except (OSError, ValueError) as error:  # of which all errors of ours are
        if debug:
            raise
        typer.echo(f"error: {_one_line(error)}", err=True)
        sys.exit(1)


def _one_line(error: Exception) -> str:
    """What an error says, with the file's name first where the system's error has it."""
    message = str(error)
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        message = f"{error.filename}: {error.strerror}"
    return " ".join(message.split())


if __name__ == "__main__":
    main()
