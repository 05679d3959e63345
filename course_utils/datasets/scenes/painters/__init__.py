"""Painters: each draws one kind of thing with a pen, in its own coordinates."""
