"""The engines on the GPU: fragment shaders, compute shaders, and networks as they are stored there.

They do not open contexts, which are handed in, and have no shader's text, which lies in shaders/.
"""
