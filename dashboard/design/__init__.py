"""The ground of the design system: tokens, and CSS and Mantine's theme made of them (Plotly's: figures.theme)."""
