"""Activations by the names that other programs give them."""

import numpy as np
import pytest

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.activation_name import known_as, known_names
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *((name, name) for name in (*ACTIVATIONS, "softmax")),
        ("ReLU", "relu"),
        ("RELU", "relu"),
        ("ReLU()", "relu"),
        ("nn.ReLU", "relu"),
        ("torch.nn.functional.relu", "relu"),
        ("tf.nn.relu", "relu"),
        ("jax.nn.relu", "relu"),
        (" relu ", "relu"),
        ("ReLU(inplace=True)", "relu"),
        ("LeakyReLU", "leaky_relu"),
        ("leaky-relu", "leaky_relu"),
        ("leakyrelu", "leaky_relu"),
        ("Leaky ReLU", "leaky_relu"),
        ("LeakyReLU(negative_slope=0.01)", "leaky_relu"),
        ("LeakyReLU(0.01, inplace=True)", "leaky_relu"),
        ("linear", "identity"),
        ("None", "identity"),
        ("Identity()", "identity"),
        ("logistic", "sigmoid"),
        ("expit", "sigmoid"),
        ("Sigmoid", "sigmoid"),
        ("np.tanh", "tanh"),
        ("swish", "silu"),
        ("SiLU", "silu"),
        ("sine", "sin"),
        ("cosine", "cos"),
        ("ELU(alpha=1.0)", "elu"),
        ("GELU(approximate='none')", "gelu"),
        ("Softplus(beta=1.0, threshold=20.0)", "softplus"),
        ("Softmax(dim=-1)", "softmax"),
        ("Softmax(dim=None)", "softmax"),
    ],
)
def test_a_name_from_elsewhere_is_known(name: str, meant: str) -> None:
    assert known_as(name) == meant


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "relu6",
        "hardtanh",
        "tanhshrink",
        "x" * 9999,
        "(" * 99,
        "." * 99,
        "a." * 999,
        "σ",
        "re\nlu",
        "re lu x",
        "LeakyReLU(negative_slope=0.2)",
        "ELU(alpha=0.5)",
        "GELU(approximate='tanh')",
        "relu(",
        "log_softmax",
        "1relu",
        "<function relu at 0x7f00>",
        "LeakyReLU(0.01",
        "Softplus(beta=2)",
    ],
)
def test_another_function_is_not_taken_for_one(name: str) -> None:
    assert known_as(name) is None


def test_the_list_is_the_tables() -> None:
    assert known_names().split(", ") == list(ACTIVATIONS)


def test_a_scene_keeps_the_tables_own_name() -> None:
    scene = Scene(activation="LeakyReLU", output_activation="linear")
    assert (scene.activation, scene.output_activation) == ("leaky_relu", "identity")
    with pytest.raises(SceneError, match="'relu6' is not one of identity, tanh, sigmoid, relu"):
        Scene(activation="relu6")
    with pytest.raises(SceneError, match="is not one of"):
        Scene(activation=np.zeros(1))  # type: ignore[arg-type]
