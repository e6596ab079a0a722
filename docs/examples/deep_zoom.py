# %% [markdown]
# # Deep zoom
# Far below float64's last digit the picture is still true: differences from the centre are computed, not values.

# %%
import numpy as np

import weightscape
from weightscape import Scene

radii = [1.0, 1e-6, 1e-12, 1e-24]
scenes = [Scene(seed=3, layers=40, center=("0.31", "0.12"), radius=radius, levels="auto") for radius in radii]
pictures = [weightscape.render(scene, size=(96, 60)) for scene in scenes]

# %% [markdown]
# Plain single precision has no such numbers: neighbours fall together, and steps are all that is left.

# %%
plain = weightscape.render(scenes[2], size=(96, 60), precision="single")
colours = [len(np.unique(picture.reshape(-1, 3), axis=0)) for picture in (pictures[2], plain)]
colours

# %%
scenes[3]
