"""--points and --plane: what is found is told in a line, what cannot be is refused in one."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from spirals import written

from weightscape.cli.cli import run

PLANE = [word for name in ("origin", "u", "v") for word in (f"--{name}", "1,2,3,4")]
SMALL = ("--size", "40x30", "--engine", "numpy")


@pytest.fixture(autouse=True)
def place(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path())
    chance = np.random.default_rng(4)
    np.savez("many.npz", W1=chance.normal(size=(4, 3)), b1=np.zeros(3), activations=["tanh"])
    np.save("many.npy", chance.normal(size=(50, 4)))


def told(capsys: pytest.CaptureFixture[str], *args: str, status: int = 0) -> str:
    assert run(args) == status
    return capsys.readouterr().err


def test_points_are_counted_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("two.csv").write_text("0,0,1\n0,nan,0\n")
    said = told(capsys, "render", "--weights", "spirals.npz", "--points", "two.csv", *SMALL, "-o", "a.png")
    assert "points: two.csv: 1 point; classes 1 1; " in said
    assert "1 row left out: not all numbers" in said
    told(capsys, "render", "--weights", "spirals.npz", *SMALL, "-o", "b.png")
    assert Path("a.png").read_bytes() != Path("b.png").read_bytes()


@pytest.mark.parametrize(
    ("name", "said"),
    [("none.csv", "none.csv: it does not exist"), ("many.npy", "it has 4 columns; want 2"), ("spirals.npz", "end in")],
)
def test_points_that_cannot_be_read_are_refused(capsys: pytest.CaptureFixture[str], name: str, said: str) -> None:
    found = told(capsys, "render", "--points", name, *SMALL, "-o", "a.png", status=1)
    assert said in found
    assert found.count("\n") == 1
    assert not Path("a.png").exists()


@pytest.mark.parametrize("plane", ["pca:many.npy", "rows:many.npy:3,7,19"])
def test_data_lay_a_plane(capsys: pytest.CaptureFixture[str], plane: str) -> None:
    many = ("render", "--weights", "many.npz", *SMALL)
    said = told(capsys, *many, "--plane", plane, "--points", "many.npy", "-o", "a.png")
    assert "weightscape: plane: " in said
    assert "points: many.npy: 50 points" in said
    told(capsys, "render", "--scene", "a.png", "-o", "b.png")
    assert np.array_equal(Image.open("a.png"), Image.open("b.png"))


@pytest.mark.parametrize(
    ("options", "said", "status"),
    [
        (("--plane", "many.npy"), "--plane: 'many.npy' is neither pca:FILE nor rows:FILE:I,J,K", 2),
        (("--plane", "pca:none.npy"), "none.npy: it does not exist", 1),
        (("--plane", "rows:many.npy:1,2,50"), "row 50 is not there: the last one is row 49", 1),
        (("--plane", "pca:many.npy", *PLANE), "--plane: --origin is given, too", 2),
        (("--plane", "pca:spirals.csv"), "it has 3 columns; want 4", 1),
    ],
)
def test_what_lays_no_plane_is_refused(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str, status: int
) -> None:
    found = told(capsys, "render", "--weights", "many.npz", *SMALL, *options, "-o", "a.png", status=status)
    assert said in found
    assert found.count("\n") == 1


def test_a_film_has_points_and_axes(capsys: pytest.CaptureFixture[str]) -> None:
    film = ("--vary", "angle=0:9", "--seconds", "0.1", "-o")
    net = ("animate", "--weights", "spirals.npz", *SMALL)
    told(capsys, *net, "--points", "spirals.csv", "--axes", "--contour", *film, "a")
    told(capsys, *net, *film, "b")
    frames = sorted(Path("a").glob("*.png"))
    assert len(frames) > 1
    for each in frames:
        bare = np.asarray(Image.open(Path("b") / each.name))
        assert (np.asarray(Image.open(each)) != bare).any(-1).sum() > 100


def test_what_has_no_place_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    net = ("--weights", "spirals.npz", *SMALL, "--points", "spirals.csv", "--axes")
    said = "points and axes: the lens height shows none, for its picture is not of the plane"
    assert told(capsys, "render", *net, "--lens", "height", "-o", "a.png").count(said) == 1
    assert said in told(
        capsys, "animate", *net, "--lens", "height", "--vary", "turn=0:9", "--seconds", "0.1", "-o", "frames"
    )
    assert "points, axes: raw outputs have none" in told(capsys, "render", *net, "-o", "a.npy")


def test_what_a_picture_leaves_out_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("ten.npz", W1=np.ones((2, 10)), b1=np.zeros(10), activations=["softmax"])
    net = ("render", "--weights", "ten.npz", *SMALL, "-o", "a.png")
    assert "weightscape: the picture shows outputs 0, 1, 2 of 10; --lens winner shows all\n" in told(capsys, *net)
    assert "of 10" not in told(capsys, *net, "--lens", "winner")
    assert "shows outputs" not in told(capsys, "render", "--weights", "spirals.npz", *SMALL, "-o", "a.png")


def test_points_outside_are_told_with_the_options_that_show_them(capsys: pytest.CaptureFixture[str]) -> None:
    net = ("render", "--weights", "spirals.npz", "--points", "spirals.csv", *SMALL, "-o", "a.png")
    said = told(capsys, *net, "--center", "50,50")
    assert "; 200 outside the view; " in said
    cure = said.partition(" shows all")[0].rpartition("; ")[2].split()
    assert "outside" not in told(capsys, *net, *cure)


def test_one_output_is_seen_as_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("one.npz", W1=[[1.0], [1.0]], b1=[0.0], activations=["tanh"])
    Path("one.csv").write_text("0,1,label\n1.5,1.5,1\n-1.5,-1.5,-1\n0.1,0.1,-1\n")
    given = ("--points", "one.csv", "--lens", "winner", "--contour", "--axes")
    said = told(capsys, "render", "--weights", "one.npz", *given, *SMALL, "-o", "a.png")
    assert "points: one.csv: 3 points; classes -1 2, 1 1; 1 misclassified (33.3 %)" in said
    assert "; class 1 is an output over 0; line 1 is taken as names: 0,1,label\n" in said
