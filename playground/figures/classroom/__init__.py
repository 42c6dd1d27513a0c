"""Figures of a class: what its members drew, answered and trained, in one chart each."""
