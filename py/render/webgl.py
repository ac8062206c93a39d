"""Draws the surface of a relief, and the floor below it, in the worker with WebGL 2.

A view that holds a relief has a canvas for this under its own: what is drawn there goes to the screen from the graphics
processor, and nothing is read back into the picture above it, which costs a machine without one more than the drawing.
A surface's vertices are sent once; while the surface turns only the camera is.
"""

from __future__ import annotations

from functools import cache

import js
import numpy as np
from pyodide.ffi import create_proxy, to_js

from scene.colours import HEAT_TABLES, THEMES, rgb
from scene.relief import FLOOR, HIGHEST, LIGHT, LOWEST, ON_SURFACE, SHADES, camera

MOST_SURFACES = 4
"""Surfaces kept in the graphics memory; beyond them the one drawn longest ago goes."""
SOFTWARE = ("SwiftShader", "llvmpipe", "softpipe", "Software", "Basic Render")
"""What browsers' names for renderers without a graphics processor hold."""
SOFTWARE_RATIO = 1.5
"""The most pixels a renderer without a graphics processor draws for a CSS pixel, across and down."""
HURRIED_PIXELS, HURRIED_STEP, STILL_AFTER = 256, 2, 150
"""While a surface changes without a graphics processor: pixels across and down at most, and of its vertices every
second one; so many milliseconds after the last change it is drawn in full."""
THEME_ROWS = tuple(HEAT_TABLES)

VERTEX = """#version 300 es
layout(location = 0) in vec3 at;
layout(location = 1) in vec3 normal;
uniform mat4 view;
uniform vec3 heights;   // in the box: of the lowest, from there to the highest, and of the floor
uniform vec3 shades;    // of a colour: in the shade, in the light; and the lower side's share
uniform vec3 light;     // where it comes from, in the box
uniform vec2 contours;  // the first contour's height and how far the next is, in shares of all
uniform sampler2D heat;
uniform int row;
uniform bool floored;
out vec3 upper, lower;
out float level;
out vec2 place;
void main() {
  gl_Position = view * vec4(at.xy, floored ? heights.z : at.z, 1.0);
  float share = clamp((at.z - heights.x) / heights.y, 0.0, 1.0);
  vec3 base = texelFetch(heat, ivec2(int(share * 255.0 + 0.5), row), 0).rgb;
  vec2 lit = shades.x + (shades.y - shades.x) * max(vec2(1.0, -1.0) * dot(normal, light), 0.0);
  upper = min(base * lit.x, 1.0);
  lower = min(base * lit.y * shades.z, 1.0);
  level = (share - contours.x) / contours.y;
  place = at.xy;
}"""

# Light falls on the vertices, not here: software renderers work on every pixel by itself.
FRAGMENT = """#version 300 es
precision highp float;
in vec3 upper, lower;
in float level;
in vec2 place;
uniform bool floored;
uniform vec4 line;  // a contour's colour, and half its width in pixels
uniform vec4 edge;  // the same of the floor's edge
uniform vec3 tint, ground;  // the floor's colour, and what is behind everything
out vec4 colour;
void main() {
  float away = abs(fract(level + 0.5) - 0.5) / max(fwidth(level), 1e-6);
  float share = level < -0.5 ? 0.0 : clamp(line.a + 0.5 - away, 0.0, 1.0);
  if (floored) {
    vec2 inside = (1.0 - abs(place)) / fwidth(place);
    float rim = min(inside.x, inside.y);
    vec3 base = mix(edge.rgb, mix(tint, line.rgb, share), clamp(rim - 2.0 * edge.a, 0.0, 1.0));
    colour = vec4(mix(ground, base, clamp(rim, 0.0, 1.0)), 1.0);
  } else {
    colour = vec4(mix(gl_FrontFacing ? upper : lower, line.rgb, 0.8 * share), 1.0);
  }
}"""
UNIFORMS = (*("view", "heights", "shades", "light", "contours", "row", "floored", "line", "edge", "tint", "ground"),)


class ReliefCanvas:
    """The canvas under a view's own: `draw` says whether it now shows the relief, which WebGL 2 must be there for.

    `changed()` is called when that has changed by itself: the graphics memory was lost, or is back.
    """

    def __init__(self, offscreen, changed):
        self.offscreen, self.changed = offscreen, changed
        self.gl, self.shown, self.surfaces, self.asked, self.timer = None, None, [], False, 0
        self.proxies = [create_proxy(self._lost), create_proxy(self._restored), create_proxy(self._still)]
        offscreen.addEventListener("webglcontextlost", self.proxies[0])
        offscreen.addEventListener("webglcontextrestored", self.proxies[1])

    def draw(self, relief, place, size, theme, ground):
        """Draw the surface and the floor over `size`, (width, height, ratio), unless they are there already."""
        if not self.asked:
            self.asked = True
            smooth = not software()  # smooth edges nearly double what a software renderer has to do
            options = to_js({"antialias": smooth, "alpha": False}, dict_converter=js.Object.fromEntries)
            self.gl = self.offscreen.getContext("webgl2", options) or None
            if self.gl and not self._prepare():
                self.gl = None
        if not self.gl or self.gl.isContextLost():
            return False
        shown = (relief.terrain, relief.turn, relief.tilt, size, theme, ground)
        if self.shown != shown:
            hurried = software() and self.shown is not None and self.shown[3:] == shown[3:]
            self.shown, self.wanted = shown, (relief, place, size, theme, ground)
            self._draw(hurried)
            js.clearTimeout(self.timer)
            if hurried:
                self.timer = js.setTimeout(self.proxies[2], STILL_AFTER)
        return True

    def close(self):
        """Give the graphics memory back: the figure is gone."""
        js.clearTimeout(self.timer)
        self.offscreen.removeEventListener("webglcontextlost", self.proxies[0])
        self.offscreen.removeEventListener("webglcontextrestored", self.proxies[1])
        for proxy in self.proxies:
            proxy.destroy()
        if self.gl:
            self.gl.getExtension("WEBGL_lose_context").loseContext()
        self.gl, self.asked, self.surfaces = None, True, []

    def _still(self):
        if self.shown and not self.gl.isContextLost():
            self._draw(False)

    def _lost(self, event):
        event.preventDefault()  # or it would never come back
        self.shown = None
        self.changed()

    def _restored(self, _event):
        self.surfaces = []
        self._prepare()
        self.changed()

    def _prepare(self):
        """Make the program and what never changes; return whether that was possible."""
        gl = self.gl
        program = gl.createProgram()
        for kind, source in ((gl.VERTEX_SHADER, VERTEX), (gl.FRAGMENT_SHADER, FRAGMENT)):
            shader = gl.createShader(kind)
            gl.shaderSource(shader, source)
            gl.compileShader(shader)
            gl.attachShader(program, shader)
        gl.linkProgram(program)
        if not gl.getProgramParameter(program, gl.LINK_STATUS):
            return False
        gl.useProgram(program)
        self.look = None
        self.uniforms = {name: gl.getUniformLocation(program, name) for name in UNIFORMS}
        tables = np.stack([HEAT_TABLES[theme] for theme in THEME_ROWS])
        gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
        rows, columns, _ = tables.shape
        pixels = to_js(tables.ravel())
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, columns, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
        gl.enable(gl.DEPTH_TEST)
        gl.uniform3f(self.uniforms["heights"], LOWEST, HIGHEST - LOWEST, FLOOR)
        return True

    def _bind(self, terrain):
        """Make the terrain's vertices the ones that are drawn, having sent them if they are new.

        Return where its triangles begin and how many corners they have: of all, and of those drawn in a hurry.
        """
        gl = self.gl
        found = next((entry for entry in self.surfaces if entry[0] is terrain), None)
        if found:
            self.surfaces.remove(found)
        else:
            if len(self.surfaces) >= MOST_SURFACES:
                _, array, buffers, _ = self.surfaces.pop(0)
                gl.deleteVertexArray(array)
                for buffer in buffers:
                    gl.deleteBuffer(buffer)
            found = self._send(terrain)
        self.surfaces.append(found)
        gl.bindVertexArray(found[1])
        return found[3]

    def _send(self, terrain):
        gl = self.gl
        rows, columns, _ = terrain.vertices.shape
        vertices = np.concatenate([terrain.vertices, terrain.normals], axis=-1).astype(np.float32).ravel()
        every, fewer = _triangles(rows, columns, 1), _triangles(rows, columns, HURRIED_STEP)
        array, buffers = gl.createVertexArray(), (gl.createBuffer(), gl.createBuffer())
        gl.bindVertexArray(array)
        gl.bindBuffer(gl.ARRAY_BUFFER, buffers[0])
        gl.bufferData(gl.ARRAY_BUFFER, to_js(vertices), gl.STATIC_DRAW)
        gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers[1])
        gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, to_js(np.concatenate([every, fewer])), gl.STATIC_DRAW)
        for location, offset in ((0, 0), (1, 12)):
            gl.enableVertexAttribArray(location)
            gl.vertexAttribPointer(location, 3, gl.FLOAT, False, 24, offset)
        return terrain, array, buffers, ((0, len(every)), (every.nbytes, len(fewer)))

    def _draw(self, hurried):
        relief, place, (width, height, ratio), theme, ground = self.wanted
        gl, uniforms, colours = self.gl, self.uniforms, THEMES[theme]
        ratio = min(ratio, SOFTWARE_RATIO) if software() else ratio
        ratio = min(ratio, HURRIED_PIXELS / max(width, height)) if hurried else ratio
        across, down = max(1, round(width * ratio)), max(1, round(height * ratio))
        if (across, down) != (self.offscreen.width, self.offscreen.height):
            self.offscreen.width, self.offscreen.height = across, down
        gl.viewport(0, 0, across, down)
        terrain, turned = relief.terrain, camera(relief.turn, relief.tilt)
        (first, count), span = self._bind(terrain)[hurried], terrain.high - terrain.low
        gl.uniformMatrix4fv(uniforms["view"], False, to_js(_matrix(turned, place, width, height)))
        gl.uniform3f(uniforms["light"], *(LIGHT @ turned).tolist())
        # Level 0 is the first contour above the lowest place; without contours there is none below the highest.
        every = terrain.every or 4.0 * span
        gl.uniform2f(uniforms["contours"], (every - terrain.low % every) / span, every / span)
        if self.look != (theme, ground, ratio):  # what stays the same while a surface is turned
            self.look = theme, ground, ratio
            behind = _colour(colours[ground])
            gl.uniform3f(uniforms["shades"], *SHADES[theme])
            gl.uniform1i(uniforms["row"], THEME_ROWS.index(theme))
            gl.uniform3f(uniforms["ground"], *behind)
            gl.uniform3f(uniforms["tint"], *_colour(colours["tint"]))
            gl.uniform4f(uniforms["edge"], *_colour(colours["rule"]), 0.75 * ratio)
            gl.clearColor(*behind, 1)
        gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
        for floored, line, half in ((0, ON_SURFACE[theme], 0.375), (1, "soft", 0.5)):
            gl.uniform1i(uniforms["floored"], floored)
            gl.uniform4f(uniforms["line"], *_colour(colours[line]), half * ratio)
            gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, first)


@cache
def _triangles(rows, columns, step):
    """Return the corners of the triangles between the vertices, of every `step`-th of them: (n,)."""
    first = (np.arange(0, rows - step, step)[:, None] * columns + np.arange(0, columns - step, step)).ravel()
    corners = step * np.array([0, 1, columns + 1, 0, columns + 1, columns])
    return (first[:, None] + corners).astype(np.uint32).ravel()


@cache
def software():
    """Return whether what draws has no graphics processor; asked once, of a canvas that is given up again."""
    gl = js.OffscreenCanvas.new(1, 1).getContext("webgl2")
    if not gl:
        return True
    renderer = _renderer(gl)
    gl.getExtension("WEBGL_lose_context").loseContext()
    return any(word in renderer for word in SOFTWARE)


def _renderer(gl):
    """Return what draws, in the browser's words."""
    named = gl.getExtension("WEBGL_debug_renderer_info")
    return str(gl.getParameter(named.UNMASKED_RENDERER_WEBGL if named else gl.RENDERER))


@cache
def _colour(text):
    """Return red, green and blue, 0 to 1, of "#rrggbb"."""
    return tuple((rgb(text) / 255.0).tolist())


def _matrix(turned, place, width, height):
    """Return the matrix, (16,) column by column, from the relief's box to -1 to 1 over the picture."""
    origin, unit = place(np.array([[0.0, 0.0], [1.0, 1.0]]))
    half = np.array([width, -height]) / 2.0
    matrix = np.zeros((4, 4), np.float32)
    matrix[:3, :2] = turned[:2].T * ((unit - origin) / half)
    matrix[3, :2] = origin / half - (1.0, -1.0)
    matrix[:3, 2], matrix[3, 3] = turned[2] / -3.0, 1.0
    return matrix.ravel()
