"""One command line: the stages, `run` for all of them, and `inspect` for what a path holds."""

import importlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.params import read_params

CORPUS_STAGES = {
    "ingest": "Read every document of the corpus's path into articles, or into quarantine with its reason.",
    "clean": "Take boilerplate off, repair text, keep the passages in scope: articles to coverage.",
    "group": "Find copies of one wire story: coverage to stories.",
    "attribute": "Split sentences and say who speaks or acts: coverage to sentences and attributions.",
    "embed": "Turn articles and sentences into vectors; only new texts cost time.",
    "measure": "Estimate the declared contrasts from gold, with intervals.",
    "evaluate": "Score the steps against gold: metrics/<corpus>.json.",
    "report": "Write reports/<corpus>/index.html.",
}

app = typer.Typer(
    name="python -m pipeline",
    help="Parallel 49: track how news coverage of U.S.-Canada trade and security shifts. "
    "An error is one line; with --debug anywhere on the line, the whole traceback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
CorpusOption = Annotated[str, typer.Option(help="A corpus of params.yaml.")]


def _add_stage(stage: str, summary: str) -> None:
    def command(corpus: CorpusOption) -> None:
        read_params().corpus(corpus)  # an unknown one is refused before work begins
        importlib.import_module(f"pipeline.stages.{stage}").main(corpus)

    app.command(stage, help=summary, rich_help_panel="Stages (dvc repro runs them)")(command)


for _stage, _summary in CORPUS_STAGES.items():
    _add_stage(_stage, _summary)


@app.command("prepare_labels", rich_help_panel="Stages (dvc repro runs them)")
def prepare_labels() -> None:
    """Carry the gold labels of seeds through cleaning onto articles and sentences."""
    importlib.import_module("pipeline.stages.prepare_labels").main()


@app.command()
def run() -> None:
    """Run every stage that is out of date; print the reports, the wall time and the findings."""
    raise typer.Exit(importlib.import_module("pipeline.run").main())


@app.command()
def inspect(
    path: Annotated[Path, typer.Argument(help="A file or folder of articles.")],
    rows: Annotated[int, typer.Option(help="How many documents to show.")] = 5,
) -> None:
    """Show what would be recognised at a path, before anything runs."""
    importlib.import_module("pipeline.inspect").main(path, rows)


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
