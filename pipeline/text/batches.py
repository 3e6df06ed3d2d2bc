"""A function over batches of items, on several processes; the answer does not depend on how many."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from joblib import Parallel, delayed
from tqdm import tqdm

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_batches(
    function: Callable[[Sequence[Item]], Sequence[Result]],
    items: Sequence[Item],
    processes: int,
    batch_size: int,
    label: str,
) -> Iterator[Result]:
    """One result an item, in order, with a progress bar on stderr.

    Batches are cut by `batch_size` alone and handed out a few at a time, so neither the results nor
    the memory held depend on the number of processes or the length of the corpus.

    Raises:
        ValueError: the function gave another number of results than it got items.
    """
    batches = [items[start : start + batch_size] for start in range(0, len(items), batch_size)]
    workers = min(processes, max(1, len(batches)))
    parallel = Parallel(n_jobs=workers, return_as="generator", pre_dispatch="2*n_jobs")
    results = parallel(delayed(function)(batch) for batch in batches)
    with tqdm(total=len(items), desc=label, unit="text", mininterval=1) as progress:
        for batch, found in zip(batches, results, strict=True):
            if len(found) != len(batch):
                raise ValueError(f"{label}: {len(found)} results for {len(batch)} items")
            yield from found
            progress.update(len(batch))
