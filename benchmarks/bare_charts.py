"""A Streamlit page that knows nothing: six charts of numbers made up on the spot."""

import plotly.graph_objects as go
import streamlit as st


st.set_page_config(layout="wide")
for row in range(2):
    for column, place in zip(st.columns(3), range(3), strict=True):
        values = [(7 * month + 5 * row + place) % 11 for month in range(36)]
        column.plotly_chart(go.Figure(go.Scatter(y=values)), key=f"{row}-{place}")
