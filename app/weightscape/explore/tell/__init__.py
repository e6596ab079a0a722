"""What is said: the panel's rows, the status line, tips, help, legends, the article and the tour."""
