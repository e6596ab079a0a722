# %% [markdown]
# # XOR by hand
# Two hidden units are enough: one says "x or y", the other "x and y"; the output is the first without the second.

# %%
import numpy as np

import weightscape
from weightscape import Network, Scene

hidden = np.array([[10.0, 10.0], [10.0, 10.0]])
network = Network([hidden, [[12.0], [-12.0]]], [[-5.0, -15.0], [-6.0]], ["sigmoid", "sigmoid"])
corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
answers = network(corners).round().astype(int).ravel().tolist()
answers

# %% [markdown]
# Between the corners lies a band with soft edges. Its two edges are the hidden units.

# %%
view = Scene(center=(0.5, 0.5), radius=1.0, palette="magma")
picture = weightscape.render(network, size=(240, 240), view=view)
units = weightscape.render(
    network, size=(240, 120), view=Scene(center=(0.5, 0.5), radius=1.0, lens="units", layer=1, palette="magma")
)
