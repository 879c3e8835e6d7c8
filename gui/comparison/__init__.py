"""What changed between two moments: the window and its parts."""
