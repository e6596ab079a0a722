"""The engine on the processor: NumPy over blocks of points, one thread a core.

It does not load OpenGL.
"""
