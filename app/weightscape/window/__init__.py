"""The window: glfw, keys and mouse as plain records, and the panel over the picture by imgui.

It does not know a scene, a network or a shader: what it shows is handed in as text and numbers.
"""
