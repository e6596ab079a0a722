"""The measurement as people read it: aligned tables of at most 100 columns, and what the columns mean."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from textwrap import fill
from typing import Any

Row = Mapping[str, Any]

NAME, LINE = 26, 100
COLUMNS = ("Mpx/s", "GF/s", "peak", "time", "median", "busy", "compile", "upload", "first")
WIDTHS = (8, 8, 6, 7, 9, 6, 9, 8, 8)
LEGEND = """\
GF/s      2 operations for each weight and point; activations and biases are not counted
peak      share of the machine's measured peak, above
time      in times of our quickest engine's: median over rounds in which each ran once, in turns
median    of the whole picture; busy: how much of it the processor or GPU was at work
compile   first answer on a new shape; upload: new weights of a known shape
first     first picture of a 1280 x 720 window, as coarse as its clock asks for (its size: --json)"""
LIVE = ("held", "first", "whole", "work", "drag", "zoom", "time")
LIVE_WIDTHS = (6, 10, 10, 14, 10, 10, 10)
LIVE_LEGEND = """\
held      whether pictures stay on the GPU on their way to the window
first     from a step of the wheel to first pixels on the screen; whole: to every pixel's own point
work      of the last whole picture, by the GPU's own clock, or the processor's
drag      new pictures a second, while every frame moves the view; zoom, time: likewise"""


def report(found: Mapping[str, Any]) -> str:
    """Write all of a measurement."""
    parts = [_machine(found)]
    parts += [_table(list(rows)) for _, rows in groupby(found["rows"], lambda row: (row["network"], row["size"]))]
    if found["rows"]:
        parts.append(LEGEND)
    if found["live"]:
        parts += [_live(found["live"]), LIVE_LEGEND]
    if found["growth"]:
        parts.append(_growth(found["growth"]))
    if found["missing"]:
        parts.append("\n".join(["not here", *map(_missing, _by_reason(found["missing"]))]))
    return "\n\n".join(parts)


def duration(seconds: float | None) -> str:
    """Write seconds with a unit and three digits; "-" for none."""
    if seconds is None:
        return "-"
    value, unit = (seconds, "s") if seconds >= 1.0 else (1e3 * seconds, "ms")
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}"


def number(value: float) -> str:
    """Write a number with about three digits."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f}"


def label(row: Row) -> str:
    """Name who a row is about, and mark a software driver and a wrong answer."""
    marks = [(" (software)", row["device"] == "software"), (" WRONG", row.get("wrong"))]
    return str(row["name"]) + "".join(mark for mark, holds in marks if holds)


def _machine(found: Mapping[str, Any]) -> str:
    about = found["machine"]
    versions = about["versions"]
    rows = [
        ("processor", f"{about['cpu']}, {about['cores']} cores, {versions['blas']}"),
        ("graphics", f"{about['renderer'] or 'none'} ({about['driver']})"),
        (
            "versions",
            ", ".join(
                f"{name} {versions[name]}" for name in ("numpy", "torch", "jax", "onnxruntime") if versions.get(name)
            ),
        ),
        *(("peak", f"{number(peak['gflops'])} GF/s, {peak['what']}") for peak in found["peak"].values()),
    ]
    if about["load"] is not None:
        rows.append(("load", f"{about['load']} at the start"))
    return "\n".join(f"{name:<10}{value}" for name, value in rows)


def _table(rows: Sequence[Row]) -> str:
    """Write one network's rows."""
    first = rows[0]
    size = "x".join(map(str, first["size"]))
    title = f"{first['network']} at {size}"
    lines = [f"{title:<{NAME}}" + _cells(COLUMNS)]
    for row in rows:
        share, busy = row["peak_share"], row.get("busy_s")
        cells = (
            number(row["mpx_s"]),
            number(row["gflops"]),
            _percent(share),
            f"{row['ratio']:.2f}",
            duration(row["median_s"]),
            _percent(None if busy is None else busy / row["median_s"]),
            *(duration(row.get(key)) for key in ("compile_s", "upload_s", "first_picture_s")),
        )
        lines.append(f"  {label(row):<{NAME - 2}}" + _cells(cells))
    return "\n".join(lines)


def _cells(texts: Sequence[str], widths: Sequence[int] = WIDTHS) -> str:
    return "".join(f"{text:>{width}}" for text, width in zip(texts, widths, strict=True))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _growth(rows: Sequence[Row]) -> str:
    """Write the series: time of a whole picture, and how often the ideal that is."""
    lines = ["growth: time of a picture, and in times of the line through the series' best GF/s"]
    for row in rows:
        power = "" if row["exponent"] is None else f", time ~ work ^ {row['exponent']:.2f}"
        lines.append(f"{row['what']} ({row['fixed']}), {label(row)}{power}")
        lines.append(f"  {row['what']:<8}" + "".join(f"{n:>11}" for n in row["numbers"]))
        lines.append(f"  {'time':<8}" + "".join(f"{duration(seconds):>11}" for seconds in row["median_s"]))
        ideal = zip(row["median_s"], row["ideal_s"], strict=True)
        lines.append(f"  {'ideal':<8}" + "".join(f"{f'x {seen / best:.2f}':>11}" for seen, best in ideal))
    return "\n".join(lines)


def _live(rows: Sequence[Row]) -> str:
    """Write how windows did, network by network."""
    lines = [f"live: in a window that waits for no screen, drawn by {rows[0]['renderer']}"]
    if rows[0]["software"]:
        lines.append("OpenGL is software here: none of this is a figure of a GPU")
    for (network, size), group in groupby(rows, lambda row: (row["network"], tuple(row["size"]))):
        lines.append(f"{f'{network} at {size[0]}x{size[1]}':<{NAME}}" + _cells(LIVE, LIVE_WIDTHS))
        lines += [f"  {label(row):<{NAME - 2}}" + _cells(_live_cells(row), LIVE_WIDTHS) for row in group]
    return "\n".join(lines)


def _live_cells(row: Row) -> tuple[str, ...]:
    who, seconds = ("GPU", row["gpu_s"]) if row["gpu_s"] else ("CPU", row["cpu_s"])
    return (
        "yes" if row["held"] else "no",
        duration(row["first_s"]),
        duration(row["whole_s"]),
        f"{who} {duration(seconds)}" if seconds else "-",
        *(f"{number(row[name])} /s" for name in ("drag_fps", "zoom_fps", "time_fps")),
    )


def _by_reason(missing: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    reasons: dict[str, list[str]] = {}
    for name, reason in missing.items():
        reasons.setdefault(reason, []).append(name)
    return list(reasons.items())


def _missing(reasons: tuple[str, Sequence[str]]) -> str:
    reason, names = reasons
    return fill(f"{', '.join(names)}: {reason}", LINE, initial_indent="  ", subsequent_indent="    ")
