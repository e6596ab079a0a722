"""From a scene to pixels: its network, its questions, tiles and samples, in the window and in files alike.

It does not open a window, write a file or touch OpenGL.
"""
