"""The lecture, live: one module a page, in the lecture's order and words."""
