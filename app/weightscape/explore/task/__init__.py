"""Work that the window must not wait for: networks, opened files, dives, recordings."""
