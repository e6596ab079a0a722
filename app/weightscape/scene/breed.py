"""Breeding: a network's children, turned on the sphere of seeds and some with another gene, and crosses of two.

A gene is a field of the recipe. Everything here is a function of scenes, of how wild, and of a number that is chance.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.initialisation import RULES, SHAPES
from weightscape.network.limit import MAX_LAYERS
from weightscape.scene.command import SEEDS, WIDTHS, with_rule, within
from weightscape.scene.mean_field import kept_alive, with_stretch_of
from weightscape.scene.mix import Parts, between, point, recipe_at
from weightscape.scene.scene import NETWORK, Scene, distinct_weights
from weightscape.scene.scene_error import SceneError

CHILDREN = 8
# How wild: the degrees by which weights are turned at the most, a quarter turn being another network altogether.
WILDNESS = (2.0, 3.5, 6.0, 10.0, 16.0, 25.0, 40.0, 60.0, 90.0)
START = 3
# The least that a child is turned, as a part of the most.
LEAST_TURN = 0.5
# Nine networks, each a sum of up to 17, are drawn and held at once: of these weights in 150 MB.
MOST_WEIGHTS = 1 << 21
# Up to here children keep the character of their parent: such genes alone are changed.
MILD = 10.0
# Outputs that fill what lies between dark and bright, whatever comes in.
ENDS = ("sigmoid", "sin", "cos", "gaussian", "triangle")
# A cross lies at least so far from both of its parents, as a part of the way between them.
NEAREST = 0.3
# Genes that are handed on together: a rule says what a bias's size means.
HANDED_ON = (
    ("layers",),
    ("width",),
    ("activation",),
    ("output_activation",),
    ("shape",),
    ("rule", "bias_scale"),
    ("tied",),
)
# What the stretch per layer depends on beside the scale.
OF_STRETCH = ("width", "activation", "rule", "bias_scale")

# A gene's change: of a scene, how strongly (0..1), by a chance of its own.
Gene = Callable[[Scene, float, Random], Scene]


def refusal(scene: Scene) -> str:
    """Say why a scene's network has no children; "" where it can have some."""
    if scene.weights:
        return "this network was loaded from a file and has no seed to breed from: R goes back to random ones"
    count = distinct_weights(scene)
    if count > MOST_WEIGHTS:
        return f"breeding holds nine networks at once: this one has {count:,} weights, the limit is {MOST_WEIGHTS:,}"
    return ""


def network_of(scene: Scene) -> Scene:
    """Keep of a scene what its network is made of; the rest is as in the default scene."""
    return Scene(**{name: getattr(scene, name) for name in NETWORK})


def as_seen(network: Scene, scene: Scene) -> Scene:
    """Look at a network of the same inputs and outputs as `scene` does."""
    return within(replace(scene, **{name: getattr(network, name) for name in NETWORK}))


def point_of(scene: Scene) -> dict[int, float]:
    """Tell where on the sphere a scene's network lies: a part of the way to another seed is a point of it, too."""
    own = point(scene.seed, scene.mix)
    if scene.to_seed is None or scene.part is None or (scene.to_seed == scene.seed and not scene.mix):
        found = own
    else:
        phi = 0.5 * math.pi * scene.part
        found = {seed: math.cos(phi) * part for seed, part in own.items()}
        found[scene.to_seed] = found.get(scene.to_seed, 0.0) + math.sin(phi)
    kept = {seed: part for seed, part in found.items() if part > 1e-12}
    length = math.sqrt(math.fsum(part * part for part in kept.values()))
    return {seed: part / length for seed, part in kept.items()}


def turn_between(one: Scene, other: Scene) -> float:
    """Tell the degrees between two networks on the sphere: 0 the same, 90 nothing in common."""
    a, b = point_of(one), point_of(other)
    chord = math.sqrt(math.fsum((a.get(seed, 0.0) - b.get(seed, 0.0)) ** 2 for seed in {**a, **b}))
    return math.degrees(2.0 * math.asin(min(0.5 * chord, 1.0)))


def turned(scene: Scene, degrees: float, seed: int) -> Scene:
    """Turn a scene's network, 0 to 90 degrees, towards the network of a seed that has no part in it."""
    return _at(scene, between(point_of(scene), {seed: 1.0}, degrees / 90.0))


def children(parent: Scene, wildness: float, chance: int) -> tuple[Scene, ...]:
    """Breed a scene's CHILDREN, turned by up to `wildness` degrees; the wilder, the more of them have another gene.

    The same chance gives the same children, more or less wild. Two at least are turned alone.
    """
    changed = min(max(round(2.0 + 1.5 * math.log2(wildness / WILDNESS[0])), 1), CHILDREN - 2)
    return tuple(_child(parent, wildness, Random(f"{chance} {n}"), _rank(n) < changed) for n in range(CHILDREN))


def crossed(mother: Scene, father: Scene, wildness: float = 0.0, chance: int = 0, part: float = 0.5) -> Scene:
    """Cross two scenes: a point between both on the sphere, that `part` of the way, and each gene from one of the two.

    It is turned by `wildness` degrees from there. With other inputs, or outputs, than its mother's a father gives
    nothing but genes of the recipe. Looks are the mother's.
    """
    dice = Random(f"{chance}")
    found = _at(mother, between(point_of(mother), point_of(father), part))
    for names in HANDED_ON:
        if dice.random() < 0.5:
            found = _possible(found, {name: getattr(father, name) for name in names})
    found = _with_scale(found, mother, father)
    return within(turned(found, wildness, _fresh(found, dice)) if wildness else found)


def crosses(mother: Scene, father: Scene, wildness: float, chance: int) -> tuple[Scene, ...]:
    """Cross two scenes CHILDREN times, evenly from near the one to near the other."""
    step = (1.0 - 2.0 * NEAREST) / (CHILDREN - 1)
    return tuple(
        crossed(mother, father, 0.5 * wildness, CHILDREN * chance + n, NEAREST + n * step) for n in range(CHILDREN)
    )


def _child(parent: Scene, wildness: float, dice: Random, has_gene: bool) -> Scene:
    turn, seed = LEAST_TURN + (1.0 - LEAST_TURN) * dice.random(), _fresh(parent, dice)
    child = turned(parent, turn * wildness, seed)
    return within(_with_gene(child, wildness, dice)) if has_gene else child


def _rank(n: int) -> int:
    """Tell in which order children get genes, so that those around a parent are not all on one side."""
    return (0, 4, 2, 6, 7, 3, 5, 1)[n]


def _fresh(scene: Scene, dice: Random) -> int:
    """Throw a seed that has no part in a scene's network."""
    known, seed = point_of(scene), int(dice.random() * SEEDS)
    while seed in known:
        seed = (seed + 1) % SEEDS
    return seed


def _at(scene: Scene, parts: Parts) -> Scene:
    seed, mix = recipe_at(parts)
    return replace(scene, seed=seed, mix=mix, to_seed=None, part=None)


def _with_gene(scene: Scene, wildness: float, dice: Random) -> Scene:
    """Change one gene, the first of a shuffled row that can change and leaves a network in range."""
    strength = min(wildness / WILDNESS[-2], 1.0)
    for _, is_mild, gene in sorted((dice.random(), is_mild, gene) for is_mild, gene in _numbered()):
        if is_mild or wildness > MILD:
            chance = Random(dice.random())
            try:
                found = GENES[gene](scene, strength, chance)
            except SceneError:
                continue
            if found != scene and not refusal(found):
                return found
    return scene


def _numbered() -> list[tuple[bool, int]]:
    return [(n < MILD_GENES, n) for n in range(len(GENES))]


def _sign(dice: Random) -> int:
    return 1 if dice.random() < 0.5 else -1


def _other(choices: Sequence[Any], now: Any, dice: Random) -> Any:
    others = [each for each in choices if each != now]
    return others[int(dice.random() * len(others))]


def _scale(scene: Scene, strength: float, dice: Random) -> Scene:
    """Grow or shrink the weights, the less the deeper the network: a factor counts once in each layer."""
    assert scene.scale is not None
    most = min(math.log(1.6), 4.0 / scene.layers)
    factor = math.exp(_sign(dice) * most * (0.3 + 0.7 * strength))
    return replace(scene, scale=min(float(f"{scene.scale * factor:.4g}"), 1e6))


def _biases(scene: Scene, strength: float, dice: Random) -> Scene:
    if scene.bias_scale is None:
        return scene
    factor = math.exp(_sign(dice) * math.log(2.0) * (0.3 + 0.7 * strength))
    return replace(scene, bias_scale=min(float(f"{scene.bias_scale * factor:.4g}"), 1e6))


def _layers(scene: Scene, strength: float, dice: Random) -> Scene:
    step = _sign(dice) * (1 + int(dice.random() * (1.0 + 2.0 * strength)))
    return replace(scene, layers=min(max(scene.layers + step, 2), MAX_LAYERS))


def _width(scene: Scene, _: float, dice: Random) -> Scene:
    smaller, larger = [w for w in WIDTHS if w < scene.width][-1:], [w for w in WIDTHS if w > scene.width][:1]
    return kept_alive(scene, width=_other([*smaller, *larger], scene.width, dice))


def _activation(scene: Scene, _: float, dice: Random) -> Scene:
    lively = [name for name in ACTIVATIONS if name != "identity"]
    return kept_alive(scene, activation=_other(lively, scene.activation, dice))


def _end(scene: Scene, _: float, dice: Random) -> Scene:
    return replace(scene, output_activation=_other(ENDS, scene.output_activation, dice))


def _shape(scene: Scene, _: float, dice: Random) -> Scene:
    return replace(scene, shape=_other(SHAPES, scene.shape, dice))


def _tied(scene: Scene, _: float, __: Random) -> Scene:
    return replace(scene, tied=not scene.tied)


def _rule(scene: Scene, _: float, dice: Random) -> Scene:
    return with_rule(scene, _other(RULES, scene.rule, dice))


# The mild ones first.
GENES: tuple[Gene, ...] = (_scale, _layers, _biases, _width, _activation, _end, _tied, _rule, _shape)
MILD_GENES = 4


def _possible(scene: Scene, genes: dict[str, Any]) -> Scene:
    """Take genes over, unless a network with them is out of range."""
    try:
        found = replace(scene, **genes)
    except SceneError:
        return scene
    return scene if refusal(found) else found


def _with_scale(scene: Scene, mother: Scene, father: Scene) -> Scene:
    """Give a cross the scale of the parent that it has the stretch per layer from, else one that keeps it alive."""
    for parent in (mother, father):
        if all(getattr(scene, name) == getattr(parent, name) for name in OF_STRETCH):
            return replace(scene, scale=parent.scale)
    return with_stretch_of(mother, scene)
