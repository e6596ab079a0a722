"""Batch normalisation among the arrays of a weights file: told by its averages' names, and what it multiplies and adds.

bn1.running_mean and bn1.running_var, weight and bias as PyTorch has them; moving_mean and moving_variance, gamma and
beta as Keras does; batch_stats/.../mean and var, params/.../scale and bias as Flax does; gamma1, running_mean1 and so
on beside W1. Weight and bias may be missing. What normalises each point by itself has no averages, and is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from weightscape.file.member import Floats, Member, quoted
from weightscape.network.normalising import WHY, normalising

NUMBER = r"(?:[_.-]?(\d{1,4}))?(?::0)?"
AVERAGE = re.compile(
    r"(?:(.*)[./_])?(?:(?P<mean>(?:running|moving)_mean)|(?P<variance>(?:running|moving)_var(?:iance)?))" + NUMBER,
    re.I | re.S,
)
FLAX = re.compile(r"((?:.*[./])?batch_stats[./].*)[./](?:(?P<mean>mean)|(?P<variance>var))()", re.S)
GAMMA = re.compile(r"(?:(.*)[./_])?(?:(?P<weight>gamma)|(?P<bias>beta))" + NUMBER, re.I | re.S)
PLAIN = re.compile(r"(?:(.*)[./_])?(?:(?P<weight>weight|scale)|(?P<bias>bias))()", re.I | re.S)
DEVIATION = re.compile(r".*[./_](?:running|moving)_std(?::0)?", re.I | re.S)
ROOTS = re.compile(r"(?:^|(?<=[./]))(?:params|batch_stats)[./]")
# What epsilon is where nobody says another one: PyTorch's and Flax', Keras'.
EPSILONS = {"running": (1e-5, "PyTorch's own"), "moving": (1e-3, "Keras' own"), "": (1e-5, "Flax' own")}
Key = tuple[str, str]


@dataclass(frozen=True)
class Norm:
    """Name the members of one layer, by role: mean and variance, weight and bias where there are any.

    `stem`: what their names begin with; `place`: of the first of them in the file.
    """

    stem: str
    place: int
    roles: Mapping[str, str]

    @property
    def told(self) -> str:
        """Name the layer, for people."""
        return quoted(self.stem or self.roles["mean"])

    @property
    def epsilon(self) -> tuple[float, str]:
        """Tell what its program takes for epsilon, and whose program that is."""
        name = self.roles["mean"].lower()
        return EPSILONS[next((word for word in EPSILONS if word and f"{word}_" in name), "")]


def norms(names: Sequence[str]) -> list[Norm]:
    """Find the normalising layers among members' names, in the file's order. Raises ValueError for what is none."""
    averages = _by_key(names, (AVERAGE, FLAX))
    scales = _by_key(names, (GAMMA, PLAIN))
    for name in names:
        if DEVIATION.fullmatch(name):
            raise ValueError(f"member {quoted(name)} is a deviation; of a normalising layer the variance is read")
    for roles in averages.values():
        if len(roles) < 2:
            ((role, name),) = roles.items()
            other = "variance" if role == "mean" else "mean"
            raise ValueError(f"member {quoted(name)} of a normalising layer has no {other} beside it")
    for key, roles in scales.items():
        _check_averages(key, roles, averages)
    places = {name: place for place, name in enumerate(names)}
    found = []
    for key, roles in averages.items():
        roles = roles | scales.get(key, {})
        found.append(Norm(".".join(filter(None, key)), min(places[name] for name in roles.values()), roles))
    return sorted(found, key=lambda norm: norm.place)


def numbers(norm: Norm, members: Mapping[str, Callable[[], Member]], epsilon: float) -> tuple[Floats, Floats]:
    """Read a, c of h a + c, (units,) both. Raises ValueError for shapes and numbers of which there are none."""
    read = {role: members[name]().numbers().reshape(-1) for role, name in norm.roles.items()}
    try:
        return normalising(read["mean"], read["variance"], read.get("weight"), read.get("bias"), epsilon)
    except ValueError as fault:
        raise ValueError(f"normalising layer {norm.told}: {fault}") from None


def _by_key(names: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> dict[Key, dict[str, str]]:
    """List by stem and number which members have which role. Raises ValueError for two of one."""
    found: dict[Key, dict[str, str]] = {}
    for name, match in _matches(names, patterns):
        key = ROOTS.sub("", match[1] or ""), match[match.re.groups] or ""
        role = next(role for role, text in match.groupdict().items() if text)
        roles = found.setdefault(key, {})
        if role in roles and patterns[0] is AVERAGE:
            raise ValueError(f"members {quoted(roles[role])} and {quoted(name)} are of one layer; keep one")
        roles.setdefault(role, name)
    return found


def _matches(names: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> Iterator[tuple[str, re.Match[str]]]:
    for name in names:
        match = next((found for pattern in patterns if (found := pattern.fullmatch(name))), None)
        if match:
            yield name, match


def _check_averages(key: Key, roles: Mapping[str, str], averages: Mapping[Key, object]) -> None:
    """Raise ValueError for what scales, as a normalising layer does, and has no averages."""
    name = roles.get("weight", "")
    is_gamma = GAMMA.fullmatch(name) and any(key)
    is_scale = name.lower().endswith("scale") and ("bias" in roles or "norm" in key[0].lower())
    if key not in averages and (is_gamma or is_scale):
        raise ValueError(f"member {quoted(name)} belongs to a normalising layer without averages, a LayerNorm? {WHY}")
