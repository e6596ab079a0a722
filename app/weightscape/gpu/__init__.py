"""OpenGL: contexts, shader source, targets, the canvas of a window and what lies over it.

It does not know a network, nor does it ever open a window: contexts are handed in or have none.
"""
