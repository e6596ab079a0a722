# %% [markdown]
# # Your own weights
# Matrices are (inputs, units); an activation for each layer. The network is a function, and a picture.

# %%
import numpy as np

import weightscape
from weightscape import Network, Scene

rng = np.random.default_rng(1)
shapes = [(2, 24), (24, 24), (24, 3)]
network = Network(
    [rng.normal(0, 1.4 / np.sqrt(shape[0]), shape) for shape in shapes],
    [rng.normal(0, 0.5, shape[1]) for shape in shapes],
    ["sin", "tanh", "sigmoid"],
)
network

# %% [markdown]
# Its values at points in float64, and the same from a picture's raw outputs: the middle of 5 x 5 pixels is (0, 0).

# %%
truth = network([0.0, 0.0])
values = weightscape.field(network, size=(5, 5), precision="double", view=Scene(radius=2))
error = np.abs(values[2, 2] - truth).max()
error
