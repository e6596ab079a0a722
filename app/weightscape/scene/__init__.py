"""The scene: one immutable value that determines a picture, its fields and text, and everything that is said by name.

It does not evaluate a network: a scene is turned into a network by its recipe, and into pixels by others.
"""
