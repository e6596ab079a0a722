"""Sizes of layers: histograms count every value, sizes are NumPy's, and the law is the formula n sigma^2 |h|^2."""

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from exposing import drawn
from lettering import outside, overlapping, recorded
from memory import peak

import weightscape
from weightscape.engine.choice import opened
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Values, work
from weightscape.lens.lens import Answered
from weightscape.lens.norms import BINS, MOST_NUMBERS, MOST_WORK, Norms, Scale, bins_for, measure, wants
from weightscape.lens.norms_chart import CUT, NORMS, histograms, room_of
from weightscape.network.network import Network, Tap, forward
from weightscape.network.view import pixel_to_plane
from weightscape.picture.network_memory import network
from weightscape.picture.questions import PrecisionName, questions
from weightscape.scene.scene import Scene

# Every third parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(3)

SCENE = Scene(layers=5, width=12, lens="norms")
SIZE = (90, 50)
WIDE = Scene(lens="norms", layers=6, width=300, rule="lecun", shape="normal", tied=False, seed=7)


def measured(scene: Scene, engine: str = "numpy", precision: PrecisionName = "single") -> Norms:
    with opened(engine) as choice:
        asked = questions(scene, SIZE, precision)
        return measure(scene, network(scene), [Answered(each, choice.engine.field(each)) for each in asked])


def points(scene: Scene) -> Values:
    """List the inputs x and y at the lens's points: (points, 2)."""
    size = wants(scene, network(scene), SIZE)[0].size
    return np.array(
        [
            [float(c) for c in pixel_to_plane(scene.view, size, (i + 0.5, j + 0.5))]
            for j in range(size[1])
            for i in range(size[0])
        ]
    )


def reference(made: Network, fed: Values) -> tuple[list[Values], list[Values]]:
    """Evaluate all layers in float64, before and after their activation."""
    taps = [[Tap(k, None, before) for k in range(made.layers)] for before in (True, False)]
    return forward(made, fed, taps[0]), forward(made, fed, taps[1])


def rms(parts: list[Values]) -> Values:
    return np.array([math.sqrt(np.mean(part.astype(float) ** 2)) for part in parts])


@pytest.mark.parametrize(
    ("engine", "precision"),
    [
        ("numpy", "single"),
        ("numpy", "double"),
        ("numpy", "perturbed"),
        ("numpy", "wide"),
        ("fragment", "single"),
        ("fragment", "perturbed"),
        ("compute", "single"),
        ("compute", "perturbed"),
    ],
)
def test_sizes_are_numpys_on_every_engine(engine: str, precision: PrecisionName, gl: object) -> None:
    norms = measured(SCENE, engine, precision)
    before, after = reference(network(SCENE), points(SCENE))

    assert np.allclose(norms.measured, rms(before), rtol=1e-5)
    assert np.allclose(norms.after, rms(after), rtol=1e-5)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
def test_histograms_count_every_value_where_it_is(before: bool, activation: str) -> None:
    scene = replace(SCENE, before=before, activation=activation)
    norms, made = measured(scene, precision="double"), network(scene)
    shown = reference(made, points(scene))[not before]

    assert norms.counts.sum(1).tolist() == [part.size for part in shown]
    edges = np.linspace(0.0, 1.0, norms.counts.shape[1] + 1)
    for row, part in zip(norms.counts, shown, strict=True):
        expected = np.histogram(norms.scale.place(part), edges)[0]
        # A value on an edge may fall to either side.
        assert np.abs(np.cumsum(row) - np.cumsum(expected)).max() <= 2
    if not norms.scale.unit:
        assert not norms.counts[:, [0, -1]].any()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"rule": "lecun", "bias_scale": 0.5},
        {"rule": "glorot", "tied": False},
        {"rule": "orthogonal"},
        {"shape": "normal", "scale": 1.3},
        {"inputs": ("y", "r", "0.5", "cos_t"), "time": 0.1, "angle": 20.0},
    ],
)
def test_the_law_is_the_formula(fields: dict[str, object]) -> None:
    scene = replace(SCENE, **{"scale": None, **fields})  # type: ignore[arg-type]
    norms, made, (x, y) = measured(scene, precision="double"), network(scene), points(scene).T
    columns = {"x": x, "y": y, "r": np.hypot(x, y), "0.5": 0.5 + 0 * x, "cos_t": math.cos(0.2 * math.pi) + 0 * x}
    fed = np.stack([columns[name] for name in scene.inputs], -1)
    entering = rms([fed, *reference(made, fed)[1][:-1]])
    fan_in, fan_out = np.array(made.widths[:-1]), np.array(made.widths[1:])
    variance = (
        scene.scale**2
        * {
            "fixed": 1 / 3 + 0 * fan_in,
            "lecun": 1 / fan_in,
            "glorot": 2 / (fan_in + fan_out),
            "orthogonal": 1 / np.maximum(fan_in, fan_out),
        }[scene.rule]
    )
    bias = scene.scale**2 / 3 if scene.bias_scale is None else scene.bias_scale**2

    assert np.allclose(norms.predicted, np.sqrt(fan_in * variance * entering**2 + bias), rtol=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_wide_independent_layers_obey_the_law_and_tied_ones_need_not(activation: str) -> None:
    free = measured(replace(WIDE, activation=activation))
    tied = measured(Scene(lens="norms", activation=activation))

    # The three outputs are too few to be an average.
    assert np.abs(free.measured / free.predicted - 1.0)[:-1].max() < 0.1
    assert np.abs(tied.measured / tied.predicted - 1.0)[:-1].max() > 0.1


def test_of_a_loaded_network_the_weights_themselves_are_measured(tmp_path: Path) -> None:
    rng, shapes = np.random.default_rng(5), [(2, 9), (9, 4), (4, 3)]
    file = tmp_path / "net.npz"
    arrays = {f"W{k}": rng.normal(1.0, k, size=shape) for k, shape in enumerate(shapes, 1)}
    arrays |= {f"b{k}": rng.normal(size=m) for k, (_, m) in enumerate(shapes, 1)}
    np.savez(file, **arrays, activations=np.array(["tanh", "relu", "sigmoid"]))
    scene = Scene(lens="norms", weights=str(file))
    made = network(scene)
    norms = measured(scene, precision="double")
    entering = rms([points(scene), *reference(made, points(scene))[1][:-1]])
    law = [
        math.sqrt(W.shape[0] * np.mean(W**2) * size**2 + np.mean(b**2))
        for W, b, size in zip(made.weights, made.biases, entering, strict=True)
    ]

    assert np.allclose(norms.predicted, law, rtol=1e-9)


def test_a_plane_through_many_inputs_is_what_the_first_layer_is_fed() -> None:
    scene = replace(SCENE, inputs=("x", "y", "1.0"), origin=(0.0, 1.0, 2.0), u=(1.0, 0.0, 0.5), v=(0.0, 1.0, 0.0))
    fed = points(scene) @ np.array([scene.u, scene.v]) + scene.origin
    law = math.sqrt(3 * 0.49 / 3 * np.mean(fed**2) + 0.49 / 3)

    assert measured(scene, precision="double").predicted[0] == pytest.approx(law, rel=1e-9)


def test_at_any_depth_sizes_are_those_of_the_point_itself() -> None:
    deep = replace(SCENE, radius=1e-60, center=(Decimal("0.25"), Decimal("-0.5")), before=True)
    norms = measured(deep, precision="perturbed")
    before, after = reference(network(deep), np.array([[0.25, -0.5]]))

    assert np.allclose(norms.measured, rms(before), rtol=1e-9)
    assert np.allclose(norms.after, rms(after), rtol=1e-9)
    assert norms.counts.sum() == sum(network(deep).widths[1:]) * len(points(deep))


@pytest.mark.parametrize("scale", [Scale(-3.0, 5.0), Scale(0.0, 1e9, 1e-3), Scale(-1e24, 2.0, 0.5), Scale(0.3, 0.4)])
def test_an_axis_goes_from_end_to_end_and_its_marks_stand_on_it(scale: Scale) -> None:
    along = np.linspace(scale.low, scale.high, 50)
    marks = scale.marks(7)

    assert np.allclose(scale.place([scale.low, scale.high]), [0.0, 1.0])
    assert (np.diff(scale.place(along)) > 0).all()
    assert 2 <= len(marks) <= 11
    assert all(scale.low <= value <= scale.high for value, _ in marks)
    assert [float(text.replace("−", "-")) for _, text in marks] == pytest.approx([value for value, _ in marks])
    assert (marks[0][0] == 0.0) == (scale.low <= 0.0)


def test_sizes_far_apart_stand_by_powers_of_ten() -> None:
    even, far = measured(SCENE), measured(replace(SCENE, activation="relu", scale=4.0, before=True))

    assert even.scale.unit == 0.0
    assert far.scale.unit == pytest.approx(far.measured.min())


def test_bars_are_as_high_as_the_roots_of_their_counts_and_spikes_are_cut() -> None:
    counts = np.zeros((2, BINS), np.int64)
    counts[0, 10:14] = 100, 25, 400, 100
    counts[1, 50:90], counts[1, 20] = 1, 1000
    room = replace(room_of(network(SCENE), SIZE), top=0, bottom=400, left=(0, BINS))
    flat = np.zeros(2)
    seen = histograms(Norms(counts, Scale(1.0, 2.0), flat, flat, flat), room, "round") / 255.0
    heights = (seen[:, :, 2] > 0.3).reshape(2, 200, BINS).sum(1)

    assert seen.shape == (400, BINS, 3)
    assert heights[0, 12] == pytest.approx(0.92 * 200, abs=1)
    assert heights[0, 10] == pytest.approx(heights[0, 12] / 2, abs=1)
    assert heights[0, 11] == pytest.approx(heights[0, 12] / 4, abs=1)
    assert not heights[0, :10].any()
    mean = counts[1].sum() / 41
    assert heights[1, 60] == pytest.approx(0.92 * 200 * math.sqrt(1 / (CUT * mean)), abs=1)
    assert heights[1, 20] == pytest.approx(0.92 * 200, abs=1)
    top = np.flatnonzero(seen[200:, 20, 2] > 0.3)[0] + 200
    assert seen[top + 1, 20].min() > 0.9, "no light edge where a bar is cut"
    assert seen[-2, 20].max() < 0.9


def test_many_layers_are_strips_which_no_picture_is_too_low_for() -> None:
    scene = Scene(lens="norms", layers=256, width=3)
    norms = measured(scene)
    for size in ((60, 40), (60, 700), (60, 3000)):
        room = room_of(network(scene), (size[0], 100))
        seen = histograms(norms, replace(room, top=0, bottom=size[1]), "round") / 255.0
        assert seen.shape == (size[1], size[0], 3)
        assert np.ptp(seen) > 0.3


@pytest.mark.parametrize(
    "scene", [Scene(layers=256, width=512), Scene(layers=61, width=512, tied=False), Scene(layers=1), Scene()]
)
def test_points_are_few_where_a_network_is_dear(scene: Scene) -> None:
    made = network(scene)
    grids = [want.size for want in wants(scene, made, (1280, 720))]
    count = grids[0][0] * grids[0][1]

    assert grids[0] == grids[1]
    assert count * work(made) < 1.1 * MOST_WORK
    assert count * sum(made.widths) < 1.1 * MOST_NUMBERS
    assert count > 25
    assert scene.width == 512 or count == (192 * 108 if scene.layers == 1 else 64 * 36)


@pytest.mark.parametrize(
    "fields",
    [
        {"scale": 0.0},
        {"scale": 1e6, "activation": "relu"},
        {"scale": 1e-6, "rule": "he"},
        {"layers": 1},
        {"activation": "cos", "before": True},
        {"width": 1},
        {"radius": 1e12},
        {"layers": 256, "width": 2},
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (20, 10), (119, 300), (320, 240), (900, 130)])
def test_whatever_the_network_and_the_size_there_is_a_picture(
    fields: dict[str, object], size: tuple[int, int], numpy_engine: NumpyEngine
) -> None:
    scene = replace(Scene(lens="norms"), **{"scale": None, **fields})  # type: ignore[arg-type]
    seen = drawn(numpy_engine, scene, size, "single", 1)

    assert seen.shape == (size[1], size[0], 3)
    assert ((seen >= 0.0) & (seen <= 1.0)).all()
    assert np.ptp(seen) > 0.2 or max(size) < 21


@pytest.mark.parametrize("engine", ["fragment", "compute"])
def test_engines_draw_the_same(engine: str, gl: object) -> None:
    size = (200, 150)
    mine, theirs = (weightscape.render(SCENE, size=size, engine=name) for name in ("numpy", engine))  # type: ignore

    # A value on the edge of a bin may be counted on either side.
    assert (np.abs(mine.astype(int) - theirs).max(-1) > 8).mean() < 0.005


@pytest.mark.parametrize("size", [(320, 240), (1280, 720), (640, 640), (130, 900), (3840, 2160), (900, 130)])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"layers": 1},
        {"layers": 256, "width": 3},
        {"activation": "relu", "scale": 40.0, "before": True},
        {"activation": "relu", "scale": 0.01, "rule": "he", "tied": False},
    ],
)
def test_letters_stand_inside_and_not_on_each_other(
    size: tuple[int, int], fields: dict[str, object], monkeypatch: pytest.MonkeyPatch, numpy_engine: NumpyEngine
) -> None:
    scene = replace(Scene(lens="norms"), **{"scale": None, **fields})  # type: ignore[arg-type]
    lines = recorded(monkeypatch)
    drawn(numpy_engine, scene, size, "single", 1)

    assert len(lines) >= 10
    assert outside(lines) == []
    assert overlapping(lines) == []
    room = room_of(network(scene), size)
    over = [
        text
        for _, text, (left, top, right, bottom) in lines
        if bottom > room.top and top < room.bottom and right > room.left[0]
    ]
    assert over == []


@pytest.mark.parametrize(
    "scene",
    [
        Scene(layers=2, width=4),
        Scene(layers=1),
        Scene(layers=2, width=1, radius=0.3, before=True),
        Scene(layers=3, width=2),
        Scene(layers=27, width=30),
    ],
    ids=range(5),
)
def test_the_lattice_of_points_is_no_comb(scene: Scene) -> None:
    scene, size = replace(scene, lens="norms"), (640, 480)
    with opened("numpy") as choice:
        asked = questions(scene, size)
        norms = measure(scene, network(scene), [Answered(each, choice.engine.field(each)) for each in asked])
    roots = np.sqrt(norms.counts[0] / norms.counts[0].max())
    inner = roots[np.flatnonzero(roots > 0.2)[0] : np.flatnonzero(roots > 0.2)[-1] + 1]
    up_and_down = np.minimum(inner[:-2], inner[2:]) - inner[1:-1]
    assert np.mean(np.maximum(up_and_down, 0.0)) < 0.001
    assert np.quantile(up_and_down, 0.97) < 0.008


@pytest.mark.parametrize("precision", ["double", "perturbed"])
def test_large_networks_take_little_memory(precision: PrecisionName, numpy_engine: NumpyEngine) -> None:
    scene = Scene(lens="norms", layers=14, width=400, activation="relu", scale=0.1)
    network(scene)
    # Hundreds of megabytes where the values of all layers stand side by side in float64.
    assert peak(lambda: drawn(numpy_engine, scene, (800, 500), precision)) < 1.2e8


def test_few_values_are_counted_in_few_bins() -> None:
    assert bins_for(64 * 36, 30) == bins_for(192 * 144, 4) == BINS
    assert (bins_for(1, 1), bins_for(100 * 100, 1)) == (31, 41)


@pytest.mark.parametrize("width", [400, 480, 640, 1280])
@pytest.mark.parametrize("before", [True, False])
def test_what_the_histograms_are_of_is_told_whole(
    width: int, before: bool, monkeypatch: pytest.MonkeyPatch, numpy_engine: NumpyEngine
) -> None:
    lines = recorded(monkeypatch)
    drawn(numpy_engine, replace(SCENE, before=before), (width, 360), "single", 1)
    texts = [text for _, text, _ in lines]
    assert any("values" in text or "value" in text for text in texts[1:])
    assert [
        text
        for text in texts
        if text.endswith(f"{'before' if before else 'after'} the activation") or text.endswith("the activation (roots)")
    ]


@pytest.mark.parametrize("width", [319, 330, 480, 640])
@pytest.mark.parametrize("fields", [{}, {"tied": False}, {"layers": 27, "width": 30}, {"before": True}])
def test_headings_are_whole_where_there_is_little_room(
    width: int, fields: dict[str, object], monkeypatch: pytest.MonkeyPatch, numpy_engine: NumpyEngine
) -> None:
    lines = recorded(monkeypatch)
    drawn(numpy_engine, replace(SCENE, **fields), (width, 373), "single", 1)  # type: ignore[arg-type]
    assert [text for _, text, _ in lines if "…" in text] == []
    assert len([text for _, text, _ in lines if text[0].isalpha()]) >= 5


def test_a_click_on_a_row_leads_to_its_layers_units() -> None:
    made, size = network(SCENE), (640, 480)
    room = room_of(made, size)
    assert NORMS.pick
    middles = (room.edges(5)[1:] + room.edges(5)[:-1]) / 2
    found = [NORMS.pick(SCENE, made, size, (100.0, y)) for y in middles]

    assert [(each.lens, each.layer) for each in found if each] == [("units", k) for k in (1, 2, 3, 4, 0)]
    assert NORMS.pick(SCENE, made, size, (100.0, room.top - 1.0)) is None
    assert NORMS.pick(SCENE, made, size, (100.0, room.bottom + 1.0)) is None
