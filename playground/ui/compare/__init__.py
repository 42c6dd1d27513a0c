"""Runs side by side: their curves, what differs between them, what each one knows."""
