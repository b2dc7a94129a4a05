"""/styleguide: every part of the design system in every state, drawn by the server from the parts themselves."""
