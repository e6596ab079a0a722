"""Notebooks: scenes and networks as small pictures, and as a live widget by the page's scripts and anywidget.

Draws no pixel itself: the browser does, or the room `picture`; nobody imports this room but the notebook's reader.
"""
