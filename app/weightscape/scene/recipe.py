"""From a scene's recipe to its network: which random numbers stand where."""

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from weightscape.network import initialisation, philox
from weightscape.network.morph import combined, morph
from weightscape.network.network import Matrix, Network
from weightscape.scene.mix import point
from weightscape.scene.scene import RECIPE, Scene

# What a network is drawn from, but for what is mixed in and the way to another.
DRAWN = ("inputs", *(name for name in RECIPE if name not in ("to_seed", "mix")))
OUTPUT_LAYER = 0  # the output layer's number in the draws: the same at every depth


def draw(scene: Scene) -> Network:
    """Draw the random network of a scene, float64; its inputs are the scene's `inputs`.

    A scene with `mix` is a sum of the same recipe's networks of several seeds; one with `to_seed` is that part of the
    way from there to the same recipe with the other seed.
    """
    recipe = Scene(**{name: getattr(scene, name) for name in DRAWN})
    if scene.to_seed is None or scene.part is None or (scene.to_seed == scene.seed and not scene.mix):
        return _mixed(recipe, scene.mix) if scene.mix else _drawn(recipe)
    start = _mixed(recipe, scene.mix) if scene.mix else _end(recipe)
    return morph(start, _end(replace(recipe, seed=scene.to_seed)), scene.part)


def _mixed(recipe: Scene, mix: str) -> Network:
    parts = {seed: part for seed, part in point(recipe.seed, mix).items() if part > 0.0}
    return combined([_end(replace(recipe, seed=seed)) for seed in parts], [*parts.values()])


@lru_cache(maxsize=2)
def _end(recipe: Scene) -> Network:
    """Remember both ends of a morph, for the next part of its way; a network that is no part of one is not kept."""
    return _drawn(recipe)


def _drawn(scene: Scene) -> Network:
    shapes = _shapes(scene)
    matrices = _tied(scene, shapes) if scene.tied else _independent(scene, shapes)
    hidden = scene.layers - 1
    return Network(
        weights=tuple(W for W, _ in matrices),
        biases=tuple(b for _, b in matrices),
        activations=(scene.activation,) * hidden + (scene.output_activation,),
    )


def _shapes(scene: Scene) -> list[tuple[int, int]]:
    widths = [len(scene.inputs), *[scene.width] * (scene.layers - 1), scene.outputs]
    return list(pairwise(widths))


def _tied(scene: Scene, shapes: list[tuple[int, int]]) -> list[tuple[Matrix, Matrix]]:
    """Fill every matrix from the start of one stream; equal shapes share one matrix object."""
    normal = scene.shape == "normal"
    # An orthonormal matrix begins as a normal one, whatever the shape; its biases do not.
    stream = initialisation.tied_draws(
        scene.seed, normal or scene.rule == "orthogonal", max(n_in * n_out for n_in, n_out in shapes)
    )
    first = initialisation.tied_draws(scene.seed, normal, max(n_out for _, n_out in shapes))
    made = {
        (n_in, n_out): _layer(scene, stream[: n_in * n_out].reshape(n_in, n_out), first[:n_out])
        for n_in, n_out in set(shapes)
    }
    return [made[shape] for shape in shapes]


def _independent(scene: Scene, shapes: list[tuple[int, int]]) -> list[tuple[Matrix, Matrix]]:
    numbers = [*range(1, scene.layers), OUTPUT_LAYER]
    return [
        _layer(
            scene,
            philox.independent_weights(scene.seed, k, n_in, n_out),
            philox.independent_biases(scene.seed, k, n_out),
        )
        for k, (n_in, n_out) in zip(numbers, shapes, strict=True)
    ]


def _layer(scene: Scene, weights: Matrix, biases: Matrix) -> tuple[Matrix, Matrix]:
    return (
        initialisation.weights(scene.rule, scene.shape, scene.scale, weights),
        initialisation.biases(scene.rule, scene.shape, scene.scale, scene.bias_scale, biases),
    )
