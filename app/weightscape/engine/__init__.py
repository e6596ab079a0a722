"""Engines: one question (this network, these taps, this grid, this precision), one answer (a field), many ways there.

It does not know lenses, colours or files.
"""
