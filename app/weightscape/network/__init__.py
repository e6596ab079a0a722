"""A network and what it is fed: weights from a seed, activations, input, view and pattern; NumPy alone.

It does not know how a network is shown, nor any engine: its float64 answers are the truth that engines are held to.
"""
