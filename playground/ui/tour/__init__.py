"""The tour: five things that a new visitor does, one after the other, on the pages themselves."""
