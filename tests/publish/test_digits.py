"""The shipped digit networks: their size, what they answer to the shipped images, and the script that made both."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.file.npz import read_weights
from weightscape.network.network import Network

ASSETS = Path(__file__).parents[2] / "assets"
NETWORKS = {"sigmoid": ("sigmoid", "sigmoid", "sigmoid"), "relu": ("relu", "relu", "sigmoid")}


@pytest.fixture(scope="module")
def examples() -> dict[str, npt.NDArray[np.generic]]:
    with np.load(ASSETS / "digits.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("digits_script", ASSETS.parent / "tools" / "digits.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def network(name: str) -> Network:
    weights, biases, activations = read_weights(ASSETS / "weights" / f"digits-{name}.npz")
    return Network(tuple(weights), tuple(biases), tuple(activations))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_digit_network_has_13002_parameters(name: str) -> None:
    assert network(name).widths == (784, 16, 16, 10)
    assert network(name).parameters == 13_002
    assert network(name).activations == NETWORKS[name]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_digit_network_is_right_and_sure_on_every_example(
    name: str, examples: dict[str, npt.NDArray[np.generic]]
) -> None:
    outputs = network(name)(examples["images"] / 255)
    assert outputs.argmax(axis=1).tolist() == examples["labels"].tolist()
    assert np.abs(outputs - np.eye(10)[examples["labels"].astype(int)]).max() < 0.1


@pytest.mark.parametrize("name", NETWORKS)
def test_masks_are_smooth_and_every_hidden_unit_answers(
    name: str, examples: dict[str, npt.NDArray[np.generic]]
) -> None:
    trained = network(name)
    masks = trained.weights[0].T.reshape(16, 28, 28)
    # Of noise, neighbours would differ by 1.4 times what the weights themselves are.
    assert (np.diff(masks, axis=2).std(axis=(1, 2)) < 0.6 * masks.std(axis=(1, 2))).all()
    first = Network(trained.weights[:1], trained.biases[:1], trained.activations[:1])
    second = Network(trained.weights[:2], trained.biases[:2], trained.activations[:2])
    for layer in (first, second):
        assert np.ptp(layer(examples["images"] / 255), axis=0).min() > 0.2


def test_there_are_three_examples_of_each_digit(examples: dict[str, npt.NDArray[np.generic]]) -> None:
    images = examples["images"]
    assert images.shape == (30, 784)
    assert images.dtype == np.uint8
    assert examples["labels"].tolist() == 3 * list(range(10))
    assert len(np.unique(images, axis=0)) == 30
    # Row 0 is on top, column 0 on the left: the ring of a 6 is below, its stem goes up on the left.
    six = images[6].reshape(28, 28).astype(int)
    assert six[14:].sum() > six[:14].sum()
    assert six[:14, :14].sum() > six[:14, 14:].sum()
    assert not images.reshape(-1, 28, 28)[:, [0, 1, -2, -1]].any()


def test_files_are_small() -> None:
    assert (ASSETS / "digits.npz").stat().st_size < 40_000
    for name in NETWORKS:
        assert (ASSETS / "weights" / f"digits-{name}.npz").stat().st_size < 120_000


def test_licence_and_credit_stand_in_the_script_and_by_the_images(
    script: ModuleType, examples: dict[str, npt.NDArray[np.generic]]
) -> None:
    assert str(examples["credit"]) == script.CREDIT
    for text in (script.__doc__, script.CREDIT):
        for word in ("Optical Recognition of Handwritten Digits", "Alpaydin", "Kaynak", "CC BY 4.0", "enlarged"):
            assert word in text


def test_enlarging_keeps_grey_and_place(script: ModuleType) -> None:
    dark, bright = script.enlarged(np.stack([np.zeros((8, 8)), np.ones((8, 8))]))
    assert not dark.any()
    assert (bright[7:21, 7:21] == 255).all()
    assert not bright[[0, -1]].any()
    corner = np.zeros((1, 8, 8))
    corner[0, 1, 6] = 1
    row, column = np.unravel_index(script.enlarged(corner)[0].argmax(), (28, 28))
    assert (row, column) in [(r, c) for r in (7, 8) for c in (19, 20)]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_script_evaluates_as_the_package_does(
    name: str, script: ModuleType, examples: dict[str, npt.NDArray[np.generic]]
) -> None:
    shipped = network(name)
    layers = [p for pair in zip(shipped.weights, shipped.biases, strict=True) for p in pair]
    x = examples["images"] / 255
    assert np.allclose(script.values(layers, name, x)[-1], shipped(x), rtol=0, atol=1e-12)


def test_gradients_are_those_of_the_loss(script: ModuleType) -> None:
    random = np.random.default_rng(7)
    x, wanted = random.random((20, 784)), np.eye(10)[random.integers(10, size=20)]

    def loss() -> float:
        y = script.values(layers, "sigmoid", x)[-1]
        wide = np.pad(layers[0].reshape(28, 28, -1), ((1, 1), (1, 1), (0, 0)))
        rough = sum((np.diff(wide, axis=axis) ** 2).sum() for axis in (0, 1))
        pull = script.DECAY * sum((W**2).sum() for W in layers[::2]) + script.SMOOTHNESS * rough
        return float(-np.log(np.where(wanted == 1, y, 1 - y)).sum() / len(x) + pull / 2)

    layers = script.started(x, "sigmoid", random)
    for parameter, slope in zip(layers, script.gradients(layers, "sigmoid", x, wanted), strict=True):
        way = 1e-5 * random.normal(size=parameter.shape)
        parameter += way
        after = loss()
        parameter -= 2 * way
        before = loss()
        parameter += way
        assert (after - before) / 2 == pytest.approx((slope * way).sum(), rel=1e-5, abs=1e-11)


if importlib.util.find_spec("sklearn") is not None:

    def test_the_examples_are_held_out_images_of_the_data_set(
        script: ModuleType, examples: dict[str, npt.NDArray[np.generic]]
    ) -> None:
        from sklearn.datasets import load_digits

        data, source = load_digits(), examples["source"].astype(int)
        assert (script.enlarged(data.images[source] / 16).reshape(-1, 784) == examples["images"]).all()
        assert (data.target[source] == examples["labels"]).all()
        assert set(source) <= set(np.random.default_rng(0).permutation(1797)[: script.HELD_OUT])
