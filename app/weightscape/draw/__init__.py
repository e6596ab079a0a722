"""Drawing on pixels: plates with lines and text, cells, matrices, and a landscape as a camera sees it.

It does not know what it draws: neither a scene nor a network.
"""
