"""How large a network may be that a picture is made of."""

MAX_LAYERS = 256
MAX_WIDTH = 512
MAX_WEIGHTS = 16_000_000
MAX_WEIGHT = 1e8  # more than any scene draws; with clamped pre-activations float32 still holds every sum
