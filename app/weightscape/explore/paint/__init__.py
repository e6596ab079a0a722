"""How pictures come to the screen: a painter's thread, and what the window makes of its tiles."""
