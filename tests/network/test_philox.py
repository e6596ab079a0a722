"""The source of randomness against published vectors, and every number at its promised address."""

import numpy as np
import pytest

from weightscape.network.philox import ARTICLE_KEY, independent_biases, independent_weights, philox, tied_stream

# Random123's known-answer file (kat_vectors), philox4x32 with 10 rounds: counter, key, answer.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
SEEDS = [0, 43, 2**32 - 1, 2**32, 0x123456789ABCDEF0, 2**64 - 1]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def word(counter: tuple[int, int, int, int], key: tuple[int, int], number: int) -> int:
    return int(philox(counter, key)[number])


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_answers(counter: str, key: str, answer: str) -> None:
    c0, c1, c2, c3 = words(counter)
    k0, k1 = words(key)
    assert words(answer) == philox((c0, c1, c2, c3), (k0, k1)).tolist()


def test_philox_answers_for_an_array_what_it_answers_one_by_one() -> None:
    blocks, rows = np.arange(5), np.arange(3)[:, None]
    together = philox((blocks, rows, 7, 1), (43, 9))
    assert together.shape == (3, 5, 4)
    assert np.uint32 == together.dtype
    for row in range(3):
        for block in range(5):
            assert philox((block, row, 7, 1), (43, 9)).tolist() == together[row, block].tolist()


def test_the_stream_of_a_seed_is_the_articles() -> None:
    seed_43 = [0.2594151, 0.0910512, 0.0695100, 0.0518256, 0.4909216, 0.0940369, 0.4685718, 0.2186117]
    seed_0 = [0.1008626, 0.9701668, 0.8487642, 0.0482813]
    assert seed_43 == pytest.approx(tied_stream(43, 8).tolist(), abs=5.1e-8)
    assert seed_0 == pytest.approx(tied_stream(0, 4).tolist(), abs=5.1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stream_takes_the_low_23_bits_of_consecutive_words(seed: int) -> None:
    key = (ARTICLE_KEY, 0)
    for n, u in enumerate(tied_stream(seed, 11)):
        drawn = word((n // 4, 0, seed % 2**32, seed // 2**32), key, n % 4)
        assert (drawn % 2**23) / 2**23 == u


def test_a_longer_stream_begins_with_the_shorter_one() -> None:
    assert tied_stream(5, 7).tolist() == tied_stream(5, 1000)[:7].tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_independent_weights_stand_where_the_address_says(seed: int) -> None:
    key = (seed % 2**32, seed // 2**32)
    for layer in (0, 1, 255):
        u = independent_weights(seed, layer, 11, 6)
        assert u.shape == (11, 6)
        for column, row in ((0, 0), (3, 0), (4, 0), (10, 5), (7, 2)):
            drawn = word((column // 4, row, layer, 0), key, column % 4)
            assert ((drawn >> 9) + 0.5) / 2**23 == u[column, row]


@pytest.mark.parametrize("seed", SEEDS)
def test_independent_biases_stand_where_the_address_says(seed: int) -> None:
    key = (seed % 2**32, seed // 2**32)
    u = independent_biases(seed, 3, 10)
    assert u.shape == (10,)
    for row in range(10):
        drawn = word((row // 4, 0, 3, 1), key, row % 4)
        assert ((drawn >> 9) + 0.5) / 2**23 == u[row]


def test_weights_do_not_depend_on_the_width_of_the_layer() -> None:
    wide = independent_weights(43, 2, 512, 512)
    for n_in, n_out in ((1, 1), (3, 5), (30, 31), (130, 400), (512, 17)):
        assert np.array_equal(independent_weights(43, 2, n_in, n_out), wide[:n_in, :n_out])
    assert np.array_equal(independent_biases(43, 2, 30), independent_biases(43, 2, 512)[:30])


def test_other_layers_and_other_seeds_have_other_numbers() -> None:
    seen = {independent_weights(seed, layer, 1, 1)[0, 0] for seed in SEEDS for layer in range(20)}
    seen |= {independent_biases(seed, layer, 1)[0] for seed in SEEDS for layer in range(20)}
    assert 2 * 20 * len(SEEDS) == len(seen)


def test_independent_numbers_are_never_0_nor_1_and_uniform() -> None:
    u = independent_weights(1, 1, 512, 512)
    assert u.min() >= 2.0**-24
    assert u.max() <= 1 - 2.0**-24
    # Means of 262,144 uniform numbers: five standard errors.
    assert pytest.approx(u.mean(), abs=5 / np.sqrt(12 * u.size)) == 0.5
    assert pytest.approx(u.var(), abs=5 / np.sqrt(180 * u.size)) == 1 / 12
