# %% [markdown]
# # The live widget
# `Microscope` (extra `notebook`) shows a scene that you drag, zoom and change by keys, as in the window; click it.

# %%
from weightscape import Microscope, Scene

microscope = Microscope(Scene(seed=43, layers=27), height=360, sliders=("layers", "scale", "angle"))
microscope

# %% [markdown]
# Python hears what the hand does.

# %%
heard = []
microscope.observe(lambda change: heard.append(change["new"]), "scene")

# %% [markdown]
# And the picture follows Python: a scene, its text, a link or a mapping of fields.

# %%
microscope.scene = Scene(seed=7, layers=9, activation="sin", rule="lecun", scale=1.5)
microscope.scene = {"seed": 7, "layers": 12, "radius": 1.0}

# %% [markdown]
# What is seen now, as a scene and as a network of matrices:

# %%
widths = microscope.network.widths
microscope.scene

# %% [markdown]
# Where single precision ends the kernel draws, and the zoom goes on; so it does for lenses that no browser draws.

# %%
deep = Microscope(Scene(radius=1e-12), height=240)
units = Microscope(Scene(layers=5, lens="units", layer=2), height=240)
