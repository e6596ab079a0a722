"""Scenes as files and back: stills, films, figures, plots, captures, and what a file says of its scene.

It does not decide how a pixel comes about, and knows no window.
"""
