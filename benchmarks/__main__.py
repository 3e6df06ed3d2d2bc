"""One command a claim: `python -m benchmarks --help`."""

import typer

from benchmarks import attribution, intervals, near_duplicates, page, relevance, shifts, stance

app = typer.Typer(
    name="python -m benchmarks",
    help="Print the figures behind the claims of README and docs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("attribution")(attribution.main)
app.command("intervals")(intervals.main)
app.command("near-duplicates")(near_duplicates.main)
app.command("page")(page.main)
app.command("relevance")(relevance.main)
app.command("shifts")(shifts.main)
app.command("stance")(stance.main)

if __name__ == "__main__":
    app()
