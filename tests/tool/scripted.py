"""What a live page's scripts make of scenes and numbers, for tests to compare with Python's."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from browser import Tab

from weightscape.network.network import Network
from weightscape.scene.scene import Scene

# Writes a network as JSON: each matrix once, and which each layer has.
WRITTEN = """((network) => {
    const distinct = [...new Set(network.weights)];
    return {
        matrices: distinct.map(({rows, columns, values}) => [rows, columns, [...values]]),
        weights: network.weights.map((each) => distinct.indexOf(each)),
        biases: network.biases.map((each) => [...each]),
        activations: network.activations,
    };
})"""


def of_scene(scene: Scene) -> str:
    """Give the expression that makes a scene in the page."""
    return f"fromText({json.dumps(scene.to_text())})"


@dataclass(frozen=True)
class Scripts:
    """Ask the scripts of an open page."""

    tab: Tab

    def network(self, expression: str) -> Network:
        """Read the network that an expression gives."""
        told = self.tab.js(f"{WRITTEN}({expression})")
        matrices = [np.array(values).reshape(rows, columns) for rows, columns, values in told["matrices"]]
        return Network(
            tuple(matrices[k] for k in told["weights"]),
            tuple(np.array(each, float) for each in told["biases"]),
            tuple(told["activations"]),
        )

    def numbers(self, expression: str) -> npt.NDArray[np.float64]:
        """Read an array of numbers; what JSON has no name for is 0."""
        return np.array(self.tab.js(f"Array.from({expression})"), float)

    def fault(self, expression: str) -> Any:
        """Tell field and reason of the SceneError that an expression throws, or None."""
        return self.tab.js(
            f"(() => {{ try {{ {expression}; return null; }} catch (error) {{"
            " if (!(error instanceof SceneError)) throw error; return [error.field, error.reason]; } })()"
        )


def ulps(found: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Count how many floats lie between numbers that are rounded to float32."""
    near, exact = found.astype(np.float32), wanted.astype(np.float32)
    return np.abs(near.astype(float) - exact) / np.spacing(np.abs(exact))


def caught(function: str, *given: Any) -> str:
    """Give the expression that calls a function of each of some lists of arguments: its value, or {field, reason}."""
    return (
        f"{json.dumps(given)}.map((each) => {{ try {{ return ({function})(...each); }} catch (error) {{"
        " if (!(error instanceof SceneError)) throw error; return {field: error.field, reason: error.reason}; } })"
    )
