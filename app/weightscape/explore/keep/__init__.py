"""What is kept: the steps to go back to, the session on the disk, the user's folder, the diary."""
