"""Figures of the Learn pages: pure functions from numbers to Plotly figures."""
