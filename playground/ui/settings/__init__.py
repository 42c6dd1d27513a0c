"""The settings of a run as widgets and as code."""
