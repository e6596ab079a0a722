# %% [markdown]
# # Watch two spirals being learnt
# A PyTorch network learns which of two spirals a point lies on. The widget shows it live, at every pixel, while the
# cell trains: drag and zoom meanwhile, or press `E` to look inside. Needs PyTorch and the extra `notebook`.

# %%
import math

import torch

from weightscape import Microscope, Network, Scene

torch.manual_seed(0)
turn = torch.linspace(0.3, 3.0, 250) * math.pi
arm = torch.stack([turn * turn.cos(), turn * turn.sin()], 1) / (3 * math.pi)
points = torch.cat([arm, -arm]) + 0.01 * torch.randn(500, 2)
labels = torch.cat([torch.zeros(250, 1), torch.ones(250, 1)])

model = torch.nn.Sequential(
    torch.nn.Linear(2, 48),
    torch.nn.Tanh(),
    torch.nn.Linear(48, 48),
    torch.nn.Tanh(),
    torch.nn.Linear(48, 1),
    torch.nn.Sigmoid(),
)

# %%
microscope = Microscope(Network.of(model), view=Scene(radius=1.15, palette="twilight"), height=420)
microscope

# %% [markdown]
# Each time the network is set the picture follows, and the view stays where it is.

# %%
optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
losses = []
for step in range(1200):
    optimiser.zero_grad()
    loss = torch.nn.functional.binary_cross_entropy(model(points), labels)
    loss.backward()
    optimiser.step()
    if step % 20 == 0:
        microscope.network = model
        losses.append(loss.item())

# %%
microscope.network = model
accuracy = ((model(points) > 0.5) == labels).float().mean().item()
accuracy
