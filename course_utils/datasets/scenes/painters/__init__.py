"""Painters: each draws one kind of object with a pen, in the object's coordinates."""
