"""Malformed calls of every public function, with the message that each must give.

A module for each part of the package holds ``GOOD``, a call that works for each public
name, and ``BAD``, what is changed in it and words of the message. ``GOOD`` also shows
that a call fails for what was changed and nothing else.
"""
