"""What activations are called elsewhere: PyTorch's, Keras', JAX' and scikit-learn's names for those of the table.

Sources: torch.nn, keras.activations, jax.nn, sklearn.neural_network, each by its documentation.
"""

import re
from functools import lru_cache

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.softmax import SOFTMAX

OTHERS = {
    "linear": "identity",
    "none": "identity",
    "id": "identity",
    "logistic": "sigmoid",
    "expit": "sigmoid",
    "rectifier": "relu",
    "lrelu": "leaky_relu",
    "swish": "silu",
    "sine": "sin",
    "cosine": "cos",
    "gauss": "gaussian",
    "absolute": "abs",
}
# "LeakyReLU(negative_slope=0.01)" is what PyTorch prints: the arguments that mean the same function as ours.
OWN_ARGUMENTS = {
    "leaky_relu": ("0.01", "negative_slope=0.01"),
    "elu": ("alpha=1.0", "alpha=1", "1.0"),
    "gelu": ("approximate='none'", "approximate=none", "approximate=false"),
    "softplus": ("beta=1.0", "beta=1", "threshold=20.0", "threshold=20"),
}
ANY_ARGUMENT = re.compile(r"inplace=\w+" r"|(dim|axis)=(-?\d+|none)")
PATTERN = re.compile(r"(?:[a-z_]\w*\.)*([a-z][\w -]*?)(?:\((.*)\))?", re.ASCII)
SQUASHED = {name.replace("_", ""): name for name in (*ACTIVATIONS, SOFTMAX)} | OTHERS


@lru_cache(maxsize=256)
def known_as(name: str) -> str | None:
    """Find the name in the table for one from elsewhere, such as "ReLU", "nn.LeakyReLU()" or "logistic"; else None.

    Neither case, "-" and "_" nor the module in front matter; arguments that make it another function do.
    """
    match = PATTERN.fullmatch(name.strip().lower())
    found = match and SQUASHED.get(re.sub(r"[_ -]", "", match[1]))
    if not match or not found:
        return None
    arguments = [part for each in (match[2] or "").split(",") if (part := each.replace(" ", ""))]
    own = OWN_ARGUMENTS.get(found, ())
    return found if all(each in own or ANY_ARGUMENT.fullmatch(each) for each in arguments) else None


def known_names() -> str:
    """List what there is, for whoever asked for something else."""
    return ", ".join(ACTIVATIONS)
