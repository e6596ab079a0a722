# %% [markdown]
# # From one network to another
# A morph goes from one seed's weights to another's on a circle, so that the size of the weights stays.

# %%
import numpy as np
from PIL import Image

import weightscape
from weightscape import Scene

parts = np.linspace(0, 1, 13)
scenes = [Scene(seed=43, to_seed=7, part=part, layers=8, width=16) for part in parts]
frames = [weightscape.render(scene, size=(160, 100)) for scene in scenes]

# %% [markdown]
# Forth and back again, as an animation. `weightscape animate --vary part=0:1` makes films of any size.

# %%
first, *others = [Image.fromarray(frame) for frame in frames + frames[-2:0:-1]]
first.save("morph.gif", save_all=True, append_images=others, duration=80, loop=0)

# %%
scenes[6]
