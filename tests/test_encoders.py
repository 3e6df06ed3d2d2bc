import numpy as np
import pytest

from pipeline.methods import encoders
from pipeline.methods.encoders import EncoderError, make_encoder

SENTENCES = [
    "Canada will retaliate against the tariffs.",
    "Ottawa vows countermeasures over U.S. duties.",
    "The hockey team won in overtime.",
    "No.",
    "The minister, speaking in Windsor, said that mills on both sides of the river would lose orders.",
]
LONG = " ".join(f"Paragraph {i} of the agreement covers dairy, autos and lumber." for i in range(60))


@pytest.fixture(scope="module")
def encoder():
    return make_encoder("minilm", max_tokens=64, batch_tokens=512)


def test_vectors_have_length_one(encoder):
    vectors = encoder.encode([*SENTENCES, LONG])
    assert vectors.shape == (6, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_like_meanings_have_like_vectors(encoder):
    tariff, duties, hockey = encoder.encode(SENTENCES[:3])
    assert tariff @ duties > 0.4 > 0.25 > tariff @ hockey


def test_a_text_has_the_same_bytes_in_any_company(encoder):
    texts = [*SENTENCES, LONG, *(f"{sentence} {i}" for i in range(8) for sentence in SENTENCES)]
    together = encoder.encode(texts)
    alone = np.vstack([encoder.encode([text]) for text in texts])
    turned = encoder.encode(texts[::-1])[::-1]
    assert together.tobytes() == alone.tobytes() == np.ascontiguousarray(turned).tobytes()


def test_the_size_of_batches_changes_no_byte(encoder):
    texts = [*SENTENCES, LONG] * 5
    small = make_encoder("minilm", max_tokens=64, batch_tokens=4096)
    assert small.encode(texts).tobytes() == encoder.encode(texts).tobytes()


def test_a_long_text_is_the_mean_over_all_its_tokens(encoder):
    word = "lumber " * 200  # one token a word: pieces of 62, 62, 62 and 14
    states = [
        encoder._states(
            [encoders._Piece(0, [101, *encoder._tokenizer.encode("lumber " * n).ids[1:-1], 102])]
        )[0]
        for n in (62, 62, 62, 14)
    ]
    mean = np.concatenate(states).mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(encoder.encode([word])[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_the_end_of_a_long_text_counts(encoder):
    plain, ended, hockey = encoder.encode([LONG, LONG + f" {SENTENCES[2]}" * 40, SENTENCES[2]])
    assert ended @ hockey > plain @ hockey + 0.05


@pytest.mark.parametrize("blank", ["", " \n", "\u200b"])
def test_an_empty_text_is_named(encoder, blank):
    with pytest.raises(EncoderError, match="text 2 of 3 is empty"):
        encoder.encode(["Canada", blank, "Mexico"])


def test_no_texts_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, 384)


def test_an_unknown_encoder_is_answered_with_the_known():
    with pytest.raises(EncoderError, match="no encoder 'mpnet'; there are minilm"):
        make_encoder("mpnet", max_tokens=64, batch_tokens=512)


def test_what_the_vectors_depend_on_is_in_the_identity(encoder):
    assert make_encoder("minilm", max_tokens=64, batch_tokens=1024).identity == encoder.identity
    assert make_encoder("minilm", max_tokens=32, batch_tokens=512).identity != encoder.identity


@pytest.mark.parametrize("file", ["_MINILM_WEIGHTS", "_MINILM_TOKENIZER"])
def test_an_altered_file_is_refused(monkeypatch, file):
    monkeypatch.setattr(encoders, file, getattr(encoders, file)._replace(sha256="0" * 64))
    with pytest.raises(EncoderError, match=r"is not the file that was tested .* run `make setup`"):
        make_encoder("minilm", max_tokens=64, batch_tokens=512)


def test_a_missing_file_is_named(monkeypatch):
    monkeypatch.setattr(encoders, "_MINILM_WEIGHTS", encoders._MINILM_WEIGHTS._replace(path="gone.onnx"))
    with pytest.raises(EncoderError, match=r"gone.onnx cannot be read .* run `make setup`"):
        make_encoder("minilm", max_tokens=64, batch_tokens=512)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(encoders, "_MINILM_WEIGHTS", encoders._MINILM_WEIGHTS._replace(package="no_such_one"))
    with pytest.raises(EncoderError, match="package no_such_one is not installed; run `make setup`"):
        make_encoder("minilm", max_tokens=64, batch_tokens=512)
