# %% [markdown]
# # A first picture
# A scene says all that determines a picture. In a notebook it shows itself.

# %%
import weightscape
from weightscape import Scene

scene = Scene(seed=7, layers=12, tied=False)
scene

# %% [markdown]
# As an array it has any size: red, green, blue in 8 bits, the top row first.

# %%
picture = weightscape.render(scene, size=(320, 200))
picture.shape

# %% [markdown]
# Its text makes the same scene again, anywhere.

# %%
import json

again = Scene(**{k: v for k, v in json.loads(scene.to_text()).items() if k != "version"})
assert again == scene
