"""Pure functions from numbers to Plotly figures. May import Plotly, pandas, network, lesson."""
