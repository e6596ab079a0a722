"""The commands, a file each: options, results. The work is done elsewhere, and imported when a command runs."""
