"""What keys, the mouse and the panel do."""
