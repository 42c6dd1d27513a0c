"""The runs of this server: store, admission, hub and event route."""
