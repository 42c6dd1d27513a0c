"""What each audience of a class may see, as JSON: the only way from a class to a screen.

An audience is "teacher", "screen" (the projector) or "member-N". Nothing is in a view that its
audience may not know: no secret in any, no answer of others before it is revealed, no name while
names are hidden, no right answer before one's own is locked, no test figure that is sealed.
"""
