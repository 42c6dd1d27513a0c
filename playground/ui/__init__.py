"""The screen: navigation, pages, session state and components."""
