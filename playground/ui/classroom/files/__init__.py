"""What one takes home from a class: its exports and lab reports, and how it is deleted."""
