"""The window program: what input does to the scene, and a painter that keeps the picture up with it.

It does not compute a picture in the thread of the window.
"""
