"""A class: members, activities, predictions, boards. Imports the store, runs and rooms below."""
