# %% [markdown]
# # Look inside
# A lens says what of a network is shown: units of a layer, the network cut at a layer, straight pieces, and more.

# %%
from dataclasses import replace

import weightscape
from weightscape import Scene

scene = Scene(seed=5, layers=6, width=12, activation="relu", rule="he", levels="auto")
inside = {
    "one unit": replace(scene, lens="unit", layer=3, unit=4),
    "all units of a layer": replace(scene, lens="units", layer=3),
    "cut after layer 2": replace(scene, lens="cut", layer=2),
    "straight pieces": replace(scene, lens="regions"),
    "a landscape": replace(scene, lens="height"),
}
pictures = {name: weightscape.render(each, size=(160, 100)) for name, each in inside.items()}

# %%
inside["straight pieces"]

# %% [markdown]
# The network in words and formulas:

# %%
words = weightscape.explain(scene)
print(words[:600])
