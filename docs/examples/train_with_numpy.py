# %% [markdown]
# # Train with NumPy
# Two rings, sixteen tanh units, plain gradient descent with momentum: the boundary closes around the inner ring.

# %%
import numpy as np

import weightscape
from weightscape import Network, Scene

rng = np.random.default_rng(0)
angle, is_outer = rng.uniform(0, 2 * np.pi, 300), rng.integers(0, 2, 300)
distance = 0.5 + 0.8 * is_outer + rng.normal(0, 0.1, 300)
points, labels = np.stack([distance * np.cos(angle), distance * np.sin(angle)], 1), is_outer[:, None].astype(float)

W1, b1 = rng.normal(0, 1, (2, 16)), np.zeros(16)
W2, b2 = rng.normal(0, 0.5, (16, 1)), np.zeros(1)
parameters = [W1, b1, W2, b2]
speeds = [np.zeros_like(each) for each in parameters]

# %%
view = Scene(radius=1.6, palette="cividis")
film = []
for step in range(601):
    hidden = np.tanh(points @ W1 + b1)
    output = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
    slope = (output - labels) / len(points)  # of the cross-entropy, before the sigmoid
    back = slope @ W2.T * (1 - hidden**2)
    slopes = [points.T @ back, back.sum(0), hidden.T @ slope, slope.sum(0)]
    for each, speed, change in zip(parameters, speeds, slopes, strict=True):
        speed[:] = 0.9 * speed - 0.5 * change
        each += speed
    if step % 150 == 0:
        network = Network([W1, W2], [b1, b2], ["tanh", "sigmoid"])
        film.append(weightscape.render(network, size=(120, 120), view=view))

# %%
accuracy = float(((network(points) > 0.5) == labels).mean())
accuracy

# %%
np.concatenate(film, axis=1).shape
