"""A scene as a live page: one HTML file that a browser draws by the program's own shaders, and that asks for no other.

It draws nothing itself, and knows no window of this program.
"""
