// The page: what is seen, and what is done to it.
