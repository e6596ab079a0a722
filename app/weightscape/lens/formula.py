"""A forward pass in one line, as algebra and as Python: the words that stand beside its picture."""

from itertools import groupby

from weightscape.network.network import Network

# Networks of so many layers are written out.
LONGEST = 3


def algebra(network: Network) -> str:
    """Write l_2 = relu(l_0 W_0) W_1; of many layers each run of equal activations. Biases of 0 are left out."""
    if network.layers <= LONGEST:
        text = "l_0"
        for k, name in enumerate(network.activations):
            text = f"({text})" if text.endswith(f" + b_{k}") else text
            text = _applied(name, f"{text} W_{k}" + (f" + b_{k + 1}" if network.biases[k].any() else ""))
        return f"l_{network.layers} = {text}"
    runs, first = [], 0
    for name, group in groupby(network.activations):
        last = first + len(list(group)) - 1
        if first == last:
            start, at, to, about = f"l_{first}", f"{first}", f"{first + 1}", ""
        else:
            start, at, to, about = "l_k", "k", "k+1", f"  for k = {first} … {last}"
        bias = f" + b_{to}" if any(network.biases[k].any() for k in range(first, last + 1)) else ""
        runs.append(f"l_{to} = {_applied(name, f'{start} W_{at}{bias}')}{about}")
        first = last + 1
    return ";   ".join(runs)


def python(network: Network) -> str:
    """Write layer_2 = relu(layer_0.dot(weights_0_1)).dot(weights_1_2); of many layers the loop."""
    if network.layers > LONGEST:
        bias = " + bias" if any(b.any() for b in network.biases) else ""
        names = f"weights, {'bias, ' if bias else ''}f"
        return f"layer = layer_0;   for {names} in network: layer = f(layer.dot(weights){bias})"
    text = "layer_0"
    for k, name in enumerate(network.activations):
        # A sum has to stand in brackets before it is multiplied.
        text = f"({text})" if " + " in text and not text.endswith(")") else text
        bias = f" + bias_{k + 1}" if network.biases[k].any() else ""
        text = _applied(name, f"{text}.dot(weights_{k}_{k + 1}){bias}")
    return f"layer_{network.layers} = {text}"


def _applied(name: str, text: str) -> str:
    return text if name == "identity" else f"{name}({text})"
