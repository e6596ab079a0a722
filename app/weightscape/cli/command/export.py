"""The command `export`: weights or a scene, for other programs."""

import click

from weightscape.cli.output_option import chosen, format_option, named
from weightscape.cli.scene_option import Given, SceneCommand
from weightscape.cli.still_option import parsed


@click.command(cls=SceneCommand)
@click.option("-o", "--output", metavar="FILE", required=True, help=".npz (weights) or .json (scene); - for stdout")
@format_option("npz json")
def export(given: Given, output: str, form: str | None) -> None:
    """Write the weights, or the scene, for other programs.

    A .npz holds W1, b1, W2, b2 ..., weights as (inputs, outputs), and the names of the activations. What --weights
    reads, as np.savez writes it:

    \b
      W1, b1, W2, b2 ...        weights (inputs, outputs), biases; also from 0,
                                lower case, weights1, coefs_0, intercepts_0
      fc1.weight, fc1.bias      as PyTorch's: weights (outputs, inputs)
      dense/kernel, dense/bias  as Keras and Flax: weights (inputs, outputs)
      arr_0, arr_1 ...          np.savez(path, *model.get_weights())
      activations               a name a layer, or one for the hidden layers;
                                missing: tanh, and sigmoid in the last
      output_activation         the last layer's name; softmax is for it alone

    Biases may be (n,), (1, n) or (n, 1), or missing (0). Beside columns (n, 1) weights may be (outputs, inputs).
    Other members are passed over. More in docs/weights-files.md.
    """
    import json

    from weightscape.file.npz import write_weights
    from weightscape.file.whole_file import FileError, shown, whole_file
    from weightscape.picture.network_memory import network
    from weightscape.publish.caption import told
    from weightscape.publish.still import suffix

    kind = chosen(output, form, ("npz", "json")) or parsed("-o", lambda path: suffix(path, (".npz", ".json")), output)
    if kind == ".json":
        text = json.dumps(told(given.scene, output), indent=2, ensure_ascii=False)
        with whole_file(output) as file:
            file.write(text.encode() + b"\n")
    else:
        made = network(given.scene)
        try:
            write_weights(output, made.weights, made.biases, made.activations)
        except ValueError as error:
            raise FileError(f"cannot write {shown(output)}: {error}") from None
    named(output)
