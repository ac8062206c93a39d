"""Renderers: each draws a scene, in the browser (`canvas2d`) or with matplotlib (`mpl`)."""
