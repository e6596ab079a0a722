"""Points over a picture: where they are, what the network decides of them, and that a picture is the same in pieces."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spirals import ARM, network, spirals, written

import weightscape
from weightscape.draw.sprite import laid
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Cancelled
from weightscape.engine.tile import Pace
from weightscape.file.whole_file import FileError
from weightscape.lens.lens import Part
from weightscape.lens.winner import winners
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.decision import boundary, decisions
from weightscape.network.view import View, plane_to_pixel
from weightscape.picture import points_memory
from weightscape.picture.banding import Banding
from weightscape.picture.data_plane import data_plane
from weightscape.picture.exposure import Evaluator
from weightscape.picture.outlook import outlook
from weightscape.picture.over import Over, in_pixels, is_plane, left_out, over
from weightscape.picture.points_memory import fed, is_read, misjudged, places, points
from weightscape.picture.standing import standing
from weightscape.picture.tally import in_words, tally
from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import Scene

SIZE = (90, 60)
PLANE_LENSES = ("outputs", "cut", "rgb", "unit", "regions", "stretch", "winner")


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    for each in (points_memory._tables, points_memory._places, points_memory._judged):
        each.clear()  # type: ignore[attr-defined]


@pytest.fixture
def engine() -> Iterator[NumpyEngine]:
    engine = NumpyEngine(2)
    yield engine
    engine.release()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    net, data = written(tmp_path)
    return Scene(weights=net, points=data)


def pixels(engine: NumpyEngine, scene: Scene, samples: int = 1, step: int = 0) -> Any:
    banding = Banding(engine, scene, SIZE, samples, "auto")
    banding.step = step or banding.step
    return np.concatenate(list(banding.bands()))


def test_the_network_has_learnt_and_what_it_decides_otherwise_is_what_was_mislabelled(scene: Scene) -> None:
    assert np.array_equal(network()(spirals()[0]).argmax(-1), spirals()[1])
    wrong = misjudged(scene)
    assert wrong is not None
    assert np.flatnonzero(wrong).tolist() == [0, 1, 2]
    found = tally(scene, wrong)
    assert [(each.name, each.count, each.wrong) for each in found.classes] == [("0", ARM - 3, 0), ("1", ARM + 3, 3)]
    assert in_words(scene, found) == (
        f"points: spirals.csv: {2 * ARM} points; classes 0 {ARM - 3}, 1 {ARM + 3}; 3 misclassified (1.5 %)"
    )


def test_only_pictures_of_the_plane_have_something_over_them(scene: Scene, engine: NumpyEngine) -> None:
    assert tuple(name for name in LENSES if is_plane(Scene(lens=name))) == PLANE_LENSES
    evaluator = Evaluator(engine, Pace())
    assert over(evaluator, Part(replace(scene, lens="atlas"), SIZE), "auto") is None
    assert over(evaluator, Part(replace(scene, points=""), SIZE), "auto") is None


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        ({"lens": "atlas"}, "points: the lens atlas shows none, for its picture is not of the plane"),
        ({"lens": "height", "axes": True, "contour": True}, "points, axes and contour: the lens height shows none"),
        ({"lens": "units", "points": "", "contour": True}, "contour: the lens units shows none"),
        ({"lens": "winner", "axes": True}, ""),
        ({"lens": "units", "points": ""}, ""),
        ({"lens": "units", "axes": True, "beside": '{"lens": "outputs", "points": ""}'}, "points: the lens units"),
        ({"lens": "outputs", "axes": True, "beside": '{"lens": "units"}'}, ""),
    ],
)
def test_what_lies_nowhere_is_told(scene: Scene, looks: dict[str, Any], said: str) -> None:
    found = left_out(replace(scene, **looks))
    assert found.startswith(said)
    assert bool(found) == bool(said)


@pytest.mark.parametrize("lens", ["outputs", "unit", "stretch", "winner"])
def test_every_lens_of_the_plane_has_the_same_dots(scene: Scene, engine: NumpyEngine, lens: str) -> None:
    bare = pixels(engine, replace(scene, points="", lens=lens))
    seen = pixels(engine, replace(scene, lens=lens))
    layer = laid(np.zeros((60, 90, 3)), np.zeros((60, 90, 4), np.uint8))
    touched = (bare != seen).any(-1)
    assert touched.sum() > 300
    evaluator = Evaluator(engine, Pace())
    covered = Over(evaluator, Part(scene, SIZE), "auto").lay(layer, 0).any(-1) | touched
    assert not touched[~covered].any()
    x, y = (int(each) for each in plane_to_pixel(scene.view, SIZE, tuple(map(Decimal, spirals()[0][40].tolist()))))
    assert touched[y, x]


@pytest.mark.parametrize("lens", ["outputs", "winner"])
@pytest.mark.parametrize("step", [7, 16])
def test_bands_make_the_picture_that_is_made_at_once(engine: NumpyEngine, scene: Scene, lens: str, step: int) -> None:
    scene = replace(scene, lens=lens, axes=True, contour=True, angle=20.0)
    assert np.array_equal(pixels(engine, scene, step=step), pixels(engine, scene))


def test_samples_smooth_the_picture_and_leave_what_lies_over_it(engine: NumpyEngine, scene: Scene) -> None:
    scene = replace(scene, axes=True, contour=True)
    one, four = pixels(engine, scene), pixels(engine, scene, samples=4)
    assert not np.array_equal(one, four)
    light = (one == 255).all(-1)  # the middle of the contour, and of letters
    assert light.sum() > 50
    assert np.array_equal(light, (four == 255).all(-1))


@pytest.mark.parametrize("view", [View(), View((Decimal("0.1"), Decimal("-0.3")), 0.7, 33.0)])
@pytest.mark.parametrize("lens", ["outputs", "unit"])
def test_the_contour_is_where_float64_decides_otherwise(
    engine: NumpyEngine, scene: Scene, view: View, lens: str
) -> None:
    scene = replace(scene.looking(view), points="", lens=lens, contour=True)
    part = Over(Evaluator(engine, Pace()), Part(scene, SIZE), "double")
    seen = (part.lay(np.zeros((60, 90, 3)), 0) == 1.0).all(-1)
    c, s = np.cos(np.radians(view.angle)), np.sin(np.radians(view.angle))
    x, y = np.meshgrid((np.arange(91) + 0.5 - 45) / 30, (30 - np.arange(61) - 0.5) / 30)
    plane = np.stack([c * x - s * y, s * x + c * y], -1) * view.radius + np.array([float(each) for each in view.center])
    kinds = network()(plane).argmax(-1)
    expected = (kinds[:-1, :-1] != kinds[:-1, 1:]) | (kinds[:-1, :-1] != kinds[1:, :-1])
    assert expected.sum() > 40
    assert np.array_equal(seen, expected)


def test_one_output_decides_at_a_half(engine: NumpyEngine) -> None:
    scene = Scene(outputs=1, layers=4, contour=True)
    values = weightscape.field(replace(scene, contour=False), size=(91, 61), engine="numpy", precision="double")
    assert decisions(values, "sigmoid").min() == 0
    assert decisions(values, "sigmoid").max() == 1
    assert np.array_equal(decisions(values, "sigmoid"), values[..., 0] > 0.5)
    assert weightscape.render(scene, size=SIZE, engine="numpy").max() == 255


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_only_output_of_either_sign_decides_at_0(engine: NumpyEngine, tmp_path: Path, activation: str) -> None:
    least = float(ACTIVATIONS[activation].function(np.linspace(-1000.0, 1000.0, 200_001)).min())
    at = 0.5 if least > -0.5 else 0.0
    assert boundary(activation) == at
    np.savez(tmp_path / "one.npz", W1=[[1.0], [0.0]], b1=[0.3], activations=[activation])
    values = ACTIVATIONS[activation].function(np.array([-1.7, -0.2, 0.1, 0.6, 3.0]) + 0.3)
    rows = zip([-1.7, -0.2, 0.1, 0.6, 3.0], values, strict=True)
    (tmp_path / "one.csv").write_text("".join(f"{x},0,{'no' if value <= at else 'yes'}\n" for x, value in rows))
    scene = Scene(weights=str(tmp_path / "one.npz"), points=str(tmp_path / "one.csv"))
    wrong = misjudged(scene)
    if len(points(scene).classes) == 2:
        assert wrong is not None
        assert not wrong.any()
        assert f"class yes is an output over {at:g}" in tally(scene, wrong).lines
    bare = replace(scene, points="")
    line = (pixels(engine, replace(bare, contour=True)) != pixels(engine, bare)).any(-1)[30]
    seen = weightscape.field(bare, size=SIZE, engine="numpy", precision="double")[30, :, 0] > at
    steps = np.flatnonzero(seen[1:] != seen[:-1])
    assert set(np.flatnonzero(line)) == {x + d for x in steps for d in (-1, 0, 1)}
    winner = pixels(engine, replace(bare, lens="winner"))[30]
    value = weightscape.field(bare, size=SIZE, engine="numpy", precision="double")[30]
    expected = winners(np.concatenate([2.0 * at - value, value], -1))
    same = np.abs(winner / 255.0 - expected).max(-1) < 0.01
    assert same.sum() > 70  # the rest are letters
    assert same[seen].any() == seen.any()


def test_classes_of_a_table_name_the_pieces_over_the_dots(engine: NumpyEngine, scene: Scene) -> None:
    named = Path(scene.points).read_text().replace(",0\n", ",ant\n").replace(",1\n", ",bee\n")
    Path(scene.points).with_name("named.csv").write_text(named)
    scene = replace(scene, lens="winner")
    other = replace(scene, points=str(Path(scene.points).with_name("named.csv")))
    points(other)
    numbers, words = (Over(Evaluator(engine, Pace()), Part(each, SIZE), "double") for each in (scene, other))
    assert len(numbers._above) == len(words._above) == 2
    assert words._above[0].colours.shape[1] > numbers._above[0].colours.shape[1]
    both = [(part.lay(np.full((60, 90, 3), 0.5), 0)) for part in (numbers, words)]
    changed = (both[0] != both[1]).any(-1)
    assert changed.any()
    for sprite in (*numbers._above, *words._above):  # nothing else has changed, and letters are on top
        top, left = max(sprite.top, 0), max(sprite.left, 0)
        rows, columns = sprite.colours.shape[:2]
        changed[top : sprite.top + rows, left : sprite.left + columns] = False
        light = (sprite.colours[..., 0] == 1.0)[top - sprite.top :, left - sprite.left :]
        found = both[0] if sprite in numbers._above else both[1]
        inside = found[top : sprite.top + rows, left : sprite.left + columns]
        assert (inside[light[: inside.shape[0], : inside.shape[1]]] == 1.0).all()
    assert not changed.any()
    assert over(Evaluator(engine, Pace()), Part(replace(scene, points=""), SIZE), "auto") is None


@pytest.mark.parametrize("size", [(90, 60), (60, 90)])
@pytest.mark.parametrize("angle", [0.0, 33.0])
@pytest.mark.parametrize(("far", "spread"), [(5.0, 2.0), (1e6, 1e-3), (-3e-9, 1e-12), (0.0, 1e9)])
def test_points_outside_are_told_with_the_view_that_holds_all(
    scene: Scene, size: tuple[int, int], angle: float, far: float, spread: float
) -> None:
    data = np.random.default_rng(8).normal(size=(50, 2)) * spread + far
    Path(scene.points).write_text("".join(f"{x!r},{y!r}\n" for x, y in data.tolist()))
    tight = View((Decimal(far), Decimal(far)), 0.5 * spread, angle)
    found = outlook(scene.looking(tight), size)
    x, y = in_pixels(data, tight, size).T
    assert 0 < found.outside == int(((x < 0) | (x >= size[0]) | (y < 0) | (y >= size[1])).sum()) < 50
    assert found.all_in
    assert found.all_in.angle == angle
    assert outlook(scene.looking(found.all_in), size).outside == 0
    smaller = replace(found.all_in, radius=0.8 * found.all_in.radius)
    assert outlook(scene.looking(smaller), size).outside > 0
    assert tally(scene, None, found).lines[1] == f"{found.outside} outside the view"
    x0, y0 = found.all_in.center
    assert in_words(scene, tally(scene, None, found)).endswith(
        f"--center {x0:f},{y0:f} --radius {found.all_in.radius:g} shows all"
    )


def test_python_has_it_too(scene: Scene) -> None:
    bare = weightscape.render(replace(scene, points=""), size=SIZE, engine="numpy")
    assert not np.array_equal(bare, weightscape.render(scene, size=SIZE, engine="numpy"))
    with pytest.raises(FileError, match="does not exist"):
        weightscape.render(replace(scene, points="none.csv"), size=SIZE, engine="numpy")
    seen = weightscape.render(network(), view=Scene(points=scene.points), size=SIZE, engine="numpy")
    assert np.array_equal(seen, weightscape.render(scene, size=SIZE, engine="numpy"))


def test_two_halves_have_their_own(engine: NumpyEngine, scene: Scene) -> None:
    split = replace(scene, beside='{"contour": true, "points": ""}')
    left, right = pixels(engine, split)[:, :44], pixels(engine, split)[:, 46:]
    bare = pixels(engine, replace(split, points=""))
    assert (left != bare[:, :44]).any(-1).sum() > 100
    assert np.array_equal(right, bare[:, 46:])
    assert (right == 255).all(-1).sum() > 20


@pytest.mark.parametrize("angle", [0.0, 90.0, 33.0])
@pytest.mark.parametrize("radius", [2.6, 1e-3, 1e-12])
def test_places_in_pixels_are_the_views(angle: float, radius: float) -> None:
    center = Decimal("0.700000000000012345678"), Decimal("-0.3")
    view = View(center, radius, angle)
    found = np.array([[0.7, -0.3], [0.7 + radius, -0.3], [0.7, -0.3 - 0.5 * radius]])
    seen = in_pixels(found, view, SIZE)
    expected = [plane_to_pixel(view, SIZE, (Decimal(x), Decimal(y))) for x, y in found.tolist()]
    assert np.allclose(seen, expected, atol=1e-6)


def test_points_of_many_inputs_are_seen_from_above_and_judged_where_they_are(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    origin, u, v = chance.normal(size=(3, 5))
    plane = chance.normal(size=(40, 2))
    off = chance.normal(size=(40, 5))
    basis = np.stack([u, v], -1)
    off -= off @ np.linalg.pinv(basis).T @ basis.T  # upright to the plane
    data = origin + plane @ basis.T + off
    W = chance.normal(size=(5, 3))
    np.savez(tmp_path / "net.npz", W1=W, b1=np.zeros(3), activations=["identity"])
    np.save(tmp_path / "data.npy", np.column_stack([data, (data @ W).argmax(-1)]))
    rows = [tuple(each.tolist()) for each in (origin, u, v)]
    names = {"weights": str(tmp_path / "net.npz"), "points": str(tmp_path / "data.npy")}
    scene = Scene(origin=rows[0], u=rows[1], v=rows[2], **names)
    assert np.allclose(places(scene), plane)
    wrong = misjudged(scene)
    assert wrong is not None
    assert not wrong.any()
    on_plane = ((origin + plane @ basis.T) @ W).argmax(-1)
    assert (on_plane != (data @ W).argmax(-1)).any()  # its shadow is decided otherwise


@pytest.mark.parametrize(
    ("classes", "outputs", "expected", "told"),
    [
        ((0, 2), 3, (0, 2), ""),
        ((1, 2), 3, (1, 2), "class 1 is taken for output 1, counted from 0"),
        ((1, 2, 3), 3, (0, 1, 2), "in their order, class 1 is output 0, 2 is output 1, 3 is output 2"),
        (("Ann", "Zoë"), 2, (0, 1), "in their order, class Ann is output 0, Zoë is output 1"),
        ((2, 3), 3, None, "not judged: which of 3 outputs classes 2, 3 stand for is not told; number classes from 0"),
        (("a",), 3, None, "not judged: which of 3 outputs class a stands for is not told; number classes from 0"),
        ((0, 1, 2), 2, None, "not judged: 3 classes, 2 outputs"),
        ((-1, 1), 1, (0, 1), "class 1 is an output over 0"),
        ((1,), 1, (1,), "class 1 is an output over 0"),
        (("a", "b"), 1, (0, 1), "class b is an output over 0"),
        ((-1,), 1, None, "not judged: for which side of 1 output class -1 stands is not told; number classes from 0"),
        (("a", "b", "c"), 1, None, "not judged: 3 classes, 1 output, which tells two apart"),
        ((), 3, None, ""),
    ],
)
def test_classes_stand_for_outputs(classes: Any, outputs: int, expected: tuple[int, ...] | None, told: str) -> None:
    found = standing(classes, outputs, "tanh")
    assert (found.outputs, found.told) == (expected, told)


def test_the_network_is_fed_the_scenes_inputs() -> None:
    scene = Scene(inputs=("y", "r", "cos_t", "0.25", "x"), time=0.5)
    assert np.allclose(fed(scene, np.array([[3.0, 4.0]])), [[4.0, 5.0, -1.0, 0.25, 3.0]])


def test_judging_goes_on_where_it_was_given_up(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weightscape.picture.points_memory.BLOCK", 16 * 30)
    wanted = [True, True, False]
    calls = []

    def check() -> None:
        calls.append(1)
        if wanted and not wanted.pop(0):
            raise Cancelled

    assert misjudged(scene, is_patient=False) is None
    with pytest.raises(Cancelled):
        misjudged(scene, check)
    assert misjudged(scene, is_patient=False) is None
    found = misjudged(scene, check)
    assert found is not None
    assert np.flatnonzero(found).tolist() == [0, 1, 2]
    assert len(calls) == 3 + -(-2 * ARM // 30) - 2
    assert np.array_equal(misjudged(scene, is_patient=False), found)


def test_another_file_under_the_same_name_is_other_points(scene: Scene) -> None:
    assert not is_read(scene)
    before = points(scene)
    assert points(scene) is before
    Path(scene.points).write_text("1,2,0\n")
    assert len(points(scene).points) == 1


def test_points_that_do_not_fit_are_refused_by_name(scene: Scene, engine: NumpyEngine) -> None:
    Path(scene.points).write_text("1,2,3,4\n")
    with pytest.raises(FileError, match=r"spirals\.csv: it has 4 columns; want 2"):
        pixels(engine, scene)


def test_a_plane_along_the_components_of_most_variance(tmp_path: Path) -> None:
    chance = np.random.default_rng(9)
    turned, _ = np.linalg.qr(chance.normal(size=(6, 6)))
    data = chance.normal(size=(400, 6)) * [5, 2, 0.1, 0.1, 0.1, 0.1] @ turned + 7.0
    np.save(tmp_path / "a.npy", data)
    (origin, u, v), told = data_plane(f"pca:{tmp_path / 'a.npy'}", 6)
    moved = data - data.mean(0)
    _, sizes, axes = np.linalg.svd(moved)
    deviation = sizes[0] / np.sqrt(400)
    assert np.allclose(origin, data.mean(0))
    assert np.allclose(np.abs(axes[:2] @ np.array([u, v]).T), deviation * np.eye(2), atol=1e-6)
    assert "400 rows, 99.9 % of their variance" in told
    np.save(tmp_path / "few.npy", data[:3])  # fewer rows than inputs
    (origin, u, v), _ = data_plane(f"pca:{tmp_path / 'few.npy'}", 6)
    rest = data[:3] - origin
    assert np.allclose(rest @ np.linalg.pinv(np.array([u, v])) @ np.array([u, v]), rest, atol=1e-6)


@pytest.mark.parametrize("way", ["pca:{}", "rows:{}:3,7,19"])
@pytest.mark.parametrize(("far", "spread"), [(1e8, 2.8), (1e8, 1e-3), (-3.0, 1e-12), (0.0, 1e25), (1.0, 1.0)])
def test_an_origin_has_the_digits_of_its_unit(tmp_path: Path, way: str, far: float, spread: float) -> None:
    data = far + spread * np.random.default_rng(9).normal(size=(40, 5))
    np.save(tmp_path / "a.npy", data)
    (origin, u, v), _ = data_plane(way.format(tmp_path / "a.npy"), 5)
    expected = data.mean(0) if way.startswith("pca") else data[3]
    unit = min(np.linalg.norm(u), np.linalg.norm(v))
    assert np.abs(np.array(origin) - expected).max() <= 1e-8 * unit + 4 * np.spacing(np.abs(far))
    assert max(len(repr(each)) for each in origin) <= 24


def test_a_plane_through_three_rows(tmp_path: Path) -> None:
    (tmp_path / "a:b.csv").write_text("p,q,r\n0,0,1\nnan,1,1\n1,2,3\n4,5,7\n")
    (origin, u, v), told = data_plane(f"rows:{tmp_path / 'a:b.csv'}:2,0,3", 3)
    assert (origin, u, v) == ((1, 2, 3), (-1, -2, -2), (3, 3, 4))
    assert "rows 2, 0, 3 of" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "neither pca:FILE nor rows:FILE:I,J,K"),
        ("rows:{}", "neither pca:FILE"),
        ("rows:{}:1,2", "neither pca:FILE"),
        ("rows:{}:0,2,9", "row 9 is not there: the last one is row 3"),
        ("rows:{}:0,1,2", "row 1 is not all numbers"),
        ("rows:{}:0,2,3", "rows 0, 2, 3 lie on one line, and span no plane"),
        ("rows:{}:2,2,3", "rows 2, 2, 3 lie on one line"),
        ("rows:{}:2,2,2", "rows 2, 2, 2 lie on one line"),
        ("pca:none.csv", "does not exist"),
        ("pca:{}", "all its rows lie on one line"),
    ],
)
def test_a_plane_that_cannot_be_laid_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.csv").write_text("0.1,0,1\nnan,1,1\n1.1,2,3\n2.1,4,5\n")
    with pytest.raises((ValueError, FileError), match=said):
        data_plane(text.format(tmp_path / "a.csv"), 3)


def test_arrays_are_laid_over_a_picture_as_a_file_is(scene: Scene) -> None:
    X, y = spirals()
    labels = y.copy()
    labels[:3] = 1 - labels[:3]
    told = {"size": SIZE, "engine": "numpy"}
    wanted = weightscape.render(scene, **told)
    bare = replace(scene, points="")
    for pair in ((X, labels), [X.tolist(), labels.tolist()], (X, labels[:, None]), (X, labels.astype(float))):
        assert np.array_equal(weightscape.render(bare, points=pair, **told), wanted)
    assert np.array_equal(weightscape.render(network(), points=(X, labels), **told), wanted)
    names = np.array(["cat", "dog"])[labels]
    assert np.array_equal(weightscape.render(bare, points=(X, names), **told), wanted)
    alone = weightscape.render(bare, points=X, **told)
    assert (alone != wanted).any()
    assert (alone != weightscape.render(bare, **told)).any()
    with_nan = np.vstack([X, [np.nan, 0.0]])
    assert np.array_equal(weightscape.render(bare, points=with_nan, **told), alone)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (3, r"points: an array of shape \(\) and type int64; want real numbers \(rows, inputs\)"),
        (np.ones((4, 3)), "points: they have 3 numbers a row, the plane is of 2 inputs"),
        ((np.ones((4, 2)), [0, 1]), r"points: classes of shape \(2,\) beside 4 rows"),
        ([[1.0, 2.0], [3.0]], "points: "),
        (np.full((4, 2), np.nan), "points: it has no row of finite numbers"),
        (np.array([["a", "b"]]), r"points: an array of shape \(1, 2\) and type"),
    ],
)
def test_arrays_that_are_no_points_are_refused(given: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        weightscape.render(Scene(layers=2), points=given, size=(8, 8), engine="numpy")


def test_a_scene_names_who_takes_arrays() -> None:
    with pytest.raises(ValueError, match=r"is not a file name; render\(scene, points=\(X, y\)\) takes arrays"):
        Scene(points=np.ones((4, 2)))  # type: ignore[arg-type]  # as somebody may write it
