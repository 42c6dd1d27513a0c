"""The data folder's care: one server, private files, age, backup. May import store."""
