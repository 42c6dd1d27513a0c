"""The lecture's pages on training and what is learned from it: one module a page."""
