"""What lies over the picture: the status line, notices, tips, help, strips and the album's sheet."""
