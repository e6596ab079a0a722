"""Lenses: pure functions from a scene to what is to be evaluated, and from fields to colours.

A lens does not compute a field and does not know which engine does.
"""
