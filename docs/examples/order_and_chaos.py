# %% [markdown]
# # Order and chaos
# Small weights forget what they are fed, large ones amplify it, layer by layer. Between them lies the edge of chaos.

# %%
import numpy as np

import weightscape
from weightscape import Scene

scales = [0.5, 0.8, 1.0, 1.5, 2.5]
scenes = [Scene(seed=2, layers=20, width=40, tied=False, rule="lecun", scale=scale) for scale in scales]
strip = np.concatenate([weightscape.render(scene, size=(80, 80)) for scene in scenes], axis=1)
strip.shape

# %% [markdown]
# How much neighbouring pixels differ says the same in numbers.

# %%
fields = [weightscape.field(scene, size=(80, 80)) for scene in scenes]
roughness = [float(np.abs(np.diff(values, axis=1)).mean()) for values in fields]
for scale, rough in zip(scales, roughness, strict=True):
    print(f"scale {scale:.1f}: {rough:.5f}")

# %%
scenes[3]
