"""The screens. Only here and in apps is Streamlit known."""
