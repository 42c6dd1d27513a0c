"""A class on the screen: of its members, its teacher and its projector."""
