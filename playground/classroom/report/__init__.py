"""A student's lab report: from what is in it to one HTML file, pure.

May import `locales` only: who fills it chooses what is in it, and in which words.
"""
