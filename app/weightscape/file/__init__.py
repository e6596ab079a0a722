"""File formats: weights, pixels, raw outputs and films, written whole or not at all.

It does not render: bands and frames are handed in.
"""
