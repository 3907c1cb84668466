"""What Streamlit cannot do: take a picture, look at one closely, point at a body."""
