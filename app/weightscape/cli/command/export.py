"""The command `export`: weights, a scene, a live shader or a live page, for other programs."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from weightscape.cli.command.page import write_page
from weightscape.cli.output_option import chosen, format_option, named
from weightscape.cli.scene_option import Given, SceneCommand
from weightscape.cli.still_option import parsed

if TYPE_CHECKING:
    from weightscape.scene.scene import Scene


@click.command(cls=SceneCommand)
@click.option("-o", "--output", metavar="FILE", required=True, help=".npz .safetensors .json .glsl .html; - for stdout")
@click.option("--float32", "is_single", is_flag=True, help="weights as float32, where they are float64 otherwise")
@format_option("npz safetensors json glsl html")
def export(given: Given, output: str, form: str | None, is_single: bool) -> None:
    """Write the weights, the scene, a live shader or a live page, for other programs.

    A .json holds the scene. A .glsl is a shader for shadertoy.com that draws it live, a .html a page that any browser
    opens (`weightscape page --help`): both of the lenses outputs, unit, rgb and cut, where single precision holds the
    picture. A .npz holds W1, b1, W2, b2 ..., weights as (inputs, outputs), and the names of the activations; a
    .safetensors those of PyTorch's Sequential of Linear and activation, 0.weight, 0.bias, 2.weight ..., weights as
    (outputs, inputs), and the activations in its metadata.

    What --weights reads: .npz .safetensors .onnx (extra onnx) .pt .pth (state dicts, where PyTorch is installed); of
    arrays by name, in any of them:

    \b
      W1, b1, W2, b2 ...        weights (inputs, outputs), biases; also from 0,
                                lower case, weights1, coefs_0, intercepts_0
      fc1.weight, fc1.bias      as PyTorch's: weights (outputs, inputs)
      dense/kernel, dense/bias  as Keras and Flax: weights (inputs, outputs)
      arr_0, arr_1 ...          np.savez(path, *model.get_weights())
      activations               a name a layer, or one for the hidden layers;
                                missing: what --activation and
                                --output-activation tell, else tanh, sigmoid
      output_activation         the last layer's name; softmax is for it alone

    Biases may be (n,), (1, n) or (n, 1), or missing (0). Beside columns (n, 1) weights may be (outputs, inputs).
    Other members are passed over, and named. More in docs/weights-files.md.
    """
    from weightscape.publish.still import suffix

    numbers = "<f4" if is_single else "<f8"
    kinds: dict[str, Callable[[Scene, str], None]] = {
        ".npz": lambda scene, output: _weights(scene, output, ".npz", numbers),
        ".safetensors": lambda scene, output: _weights(scene, output, ".safetensors", numbers),
        ".json": _scene,
        ".glsl": _shader,
        ".html": write_page,
    }
    names = [kind[1:] for kind in kinds]
    kind = chosen(output, form, names) or parsed("-o", lambda path: suffix(path, tuple(kinds)), output)
    if is_single and kind not in (".npz", ".safetensors"):
        raise click.UsageError(f"--float32: a {kind} holds no weights; .npz and .safetensors do")
    kinds[kind](given.scene, output)
    named(output)


def _weights(scene: "Scene", output: str, suffix: str, numbers: str) -> None:
    from weightscape.file.weights import write_weights
    from weightscape.file.whole_file import FileError, shown
    from weightscape.picture.network_memory import network

    made = network(scene)
    try:
        write_weights(output, suffix, made.weights, made.biases, made.activations, numbers)
    except ValueError as error:
        raise FileError(f"cannot write {shown(output)}: {error}") from None


def _scene(scene: "Scene", output: str) -> None:
    import json

    from weightscape.publish.caption import told

    _write(output, json.dumps(told(scene, output), indent=2, ensure_ascii=False) + "\n")


def _shader(scene: "Scene", output: str) -> None:
    from weightscape.publish.shadertoy import shadertoy

    _write(output, shadertoy(scene, output))


def _write(output: str, text: str) -> None:
    from weightscape.file.whole_file import whole_file

    with whole_file(output) as file:
        file.write(text.encode())
