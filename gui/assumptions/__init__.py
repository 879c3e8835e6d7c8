"""The assumptions of a case: the window and its parts."""
