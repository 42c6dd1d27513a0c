"""The screen. May import Streamlit and every room but those that use Keras."""
