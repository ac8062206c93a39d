"""Draws the surface of a relief in the worker, with WebGL 2 on a canvas of its own, or without it.

One WebGL canvas serves every figure (browsers allow a page only some): it draws a surface, and the figure's canvas
takes the picture over at once. A surface's vertices are sent to it once; while the surface turns only the camera is.
"""

from __future__ import annotations

import js
import numpy as np
from pyodide.ffi import to_js
from pyscript.js_modules import paths

from scene.colours import HEAT_TABLES, THEMES, rgb
from scene.relief import HIGHEST, LIGHT, LOWEST, ON_SURFACE, SHADES, camera, painted

MOST_SURFACES = 8
"""Surfaces kept in the graphics memory; beyond them the one drawn longest ago goes."""
SOFTWARE = ("SwiftShader", "llvmpipe", "softpipe", "Software", "Basic Render")
"""What browsers' names for renderers without a graphics processor hold."""
THEME_ROWS = tuple(HEAT_TABLES)

VERTEX = """#version 300 es
layout(location = 0) in vec3 at;
layout(location = 1) in vec3 normal;
uniform mat4 view;
uniform vec2 heights;   // in the box: of the lowest, and from there to the highest
uniform vec3 shades;    // of a colour: in the shade, in the light; and the lower side's share
uniform vec3 light;     // where it comes from, in the box
uniform vec2 contours;  // the first contour's height and how far the next is, in shares of all
uniform sampler2D heat;
uniform int row;
out vec3 upper, lower;
out float level;
void main() {
  gl_Position = view * vec4(at, 1.0);
  float share = clamp((at.z - heights.x) / heights.y, 0.0, 1.0);
  vec3 base = texelFetch(heat, ivec2(int(share * 255.0 + 0.5), row), 0).rgb;
  vec2 lit = shades.x + (shades.y - shades.x) * max(vec2(1.0, -1.0) * dot(normal, light), 0.0);
  upper = min(base * lit.x, 1.0);
  lower = min(base * lit.y * shades.z, 1.0);
  level = (share - contours.x) / contours.y;
}"""

# Light falls on the vertices, not here: software renderers work on every pixel by itself.
FRAGMENT = """#version 300 es
precision highp float;
in vec3 upper, lower;
in float level;
uniform vec4 line;  // a contour's colour, and half its width in pixels
out vec4 colour;
void main() {
  float away = abs(fract(level + 0.5) - 0.5) / max(fwidth(level), 1e-6);
  float share = level < -0.5 ? 0.0 : 0.8 * clamp(line.a + 0.5 - away, 0.0, 1.0);
  colour = vec4(mix(gl_FrontFacing ? upper : lower, line.rgb, share), 1.0);
}"""


class Relief3D:
    """The WebGL canvas: `draw` gives the picture of a relief's surface, or None where there is no WebGL 2."""

    def __init__(self):
        # Smooth edges nearly double what a software renderer has to do: they are for a graphics processor.
        self.canvas, self.gl = _opened(antialias=True)
        if self.gl and any(word in _renderer(self.gl) for word in SOFTWARE):
            self.gl.getExtension("WEBGL_lose_context").loseContext()
            self.canvas, self.gl = _opened(antialias=False)
        self.surfaces = []
        if self.gl:
            self._prepare()

    def _prepare(self):
        gl = self.gl
        program = gl.createProgram()
        for kind, source in ((gl.VERTEX_SHADER, VERTEX), (gl.FRAGMENT_SHADER, FRAGMENT)):
            shader = gl.createShader(kind)
            gl.shaderSource(shader, source)
            gl.compileShader(shader)
            gl.attachShader(program, shader)
        gl.linkProgram(program)
        if not gl.getProgramParameter(program, gl.LINK_STATUS):
            self.gl = None
            return
        gl.useProgram(program)
        names = ("view", "heights", "shades", "light", "contours", "row", "line")
        self.uniforms = {name: gl.getUniformLocation(program, name) for name in names}
        tables = np.stack([HEAT_TABLES[theme] for theme in THEME_ROWS])
        gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
        rows, columns, _ = tables.shape
        pixels = to_js(tables.ravel())
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, columns, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
        gl.enable(gl.DEPTH_TEST)
        gl.clearColor(0, 0, 0, 0)
        gl.uniform2f(self.uniforms["heights"], LOWEST, HIGHEST - LOWEST)

    def _bind(self, terrain):
        """Make the terrain's vertices the ones that are drawn, having sent them if they are new; return how many."""
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
        first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
        corners = np.array([0, 1, columns + 1, 0, columns + 1, columns])
        triangles = (first[:, None] + corners).astype(np.uint32).ravel()
        array, buffers = gl.createVertexArray(), (gl.createBuffer(), gl.createBuffer())
        gl.bindVertexArray(array)
        gl.bindBuffer(gl.ARRAY_BUFFER, buffers[0])
        gl.bufferData(gl.ARRAY_BUFFER, to_js(vertices), gl.STATIC_DRAW)
        gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers[1])
        gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, to_js(triangles), gl.STATIC_DRAW)
        for location, offset in ((0, 0), (1, 12)):
            gl.enableVertexAttribArray(location)
            gl.vertexAttribPointer(location, 3, gl.FLOAT, False, 24, offset)
        return terrain, array, buffers, len(triangles)

    def draw(self, relief, place, ratio, theme):
        """Draw the surface and return the part of the picture it covers, (left, top, right, bottom) in CSS pixels.

        It stands in the lower left corner of `canvas`, from which it must be taken before the next call. None where
        nothing could be drawn.
        """
        gl = self.gl
        if not gl or gl.isContextLost():
            return None
        terrain, turned = relief.terrain, camera(relief.turn, relief.tilt)
        pixels = place(terrain.vertices.reshape(-1, 3) @ turned[:2].T) * ratio
        box = np.concatenate([np.floor(pixels.min(axis=0)) - 1.0, np.ceil(pixels.max(axis=0)) + 1.0])
        across, down = (box[2:] - box[:2]).astype(int).tolist()
        if across > self.canvas.width or down > self.canvas.height:
            self.canvas.width, self.canvas.height = max(across, self.canvas.width), max(down, self.canvas.height)
        gl.viewport(0, 0, across, down)
        count = self._bind(terrain)
        uniforms, span = self.uniforms, terrain.high - terrain.low
        gl.uniformMatrix4fv(uniforms["view"], False, to_js(_matrix(turned, place, box / ratio)))
        gl.uniform3f(uniforms["light"], *(LIGHT @ turned).tolist())
        gl.uniform3f(uniforms["shades"], *SHADES[theme])
        gl.uniform1i(uniforms["row"], THEME_ROWS.index(theme))
        # Level 0 is the first contour above the lowest place; without contours there is none below the highest.
        every = terrain.every or 4.0 * span
        gl.uniform2f(uniforms["contours"], (every - terrain.low % every) / span, every / span)
        gl.uniform4f(uniforms["line"], *(rgb(THEMES[theme][ON_SURFACE[theme]]) / 255.0).tolist(), 0.375 * ratio)
        gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
        gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, 0)
        return (box / ratio).tolist()


def _opened(antialias):
    """Return a canvas and its WebGL 2 context, or None for a context where there is none."""
    canvas = js.OffscreenCanvas.new(1, 1)
    options = to_js({"antialias": antialias}, dict_converter=js.Object.fromEntries)
    return canvas, canvas.getContext("webgl2", options) or None


def _renderer(gl):
    """Return what draws, in the browser's words."""
    named = gl.getExtension("WEBGL_debug_renderer_info")
    return str(gl.getParameter(named.UNMASKED_RENDERER_WEBGL if named else gl.RENDERER))


def _matrix(turned, place, box):
    """Return the matrix, (16,) column by column, from the relief's box to -1 to 1 over a part of the picture."""
    origin, unit = place(np.array([[0.0, 0.0], [1.0, 1.0]]))
    size = (box[2:] - box[:2]) * np.array([1.0, -1.0])
    matrix = np.zeros((4, 4))
    matrix[:2, :3] = (2.0 * (unit - origin) / size)[:, None] * turned[:2]
    matrix[:2, 3] = (2.0 * origin - box[:2] - box[2:]) / size
    matrix[2, :3], matrix[3, 3] = turned[2] / -3.0, 1.0
    return matrix.T.astype(np.float32).ravel()


shared = []
"""The one Relief3D, once a relief has been drawn."""


def draw_relief(canvas, relief, place, theme):
    """Draw a relief's surface on a Canvas; return the marks that stand over it."""
    if not shared:
        shared.append(Relief3D())
    context, ratio = canvas.context, canvas.ratio
    box = shared[0].draw(relief, place, ratio, theme)
    if box is None:
        quads = painted(relief)
        xy = place(quads.corners.reshape(-1, 2)).ravel()
        paths.quads(context, to_js(xy), to_js(quads.colours(theme).ravel()))
        return (relief.contours_seen(theme), *relief.over(theme))
    left, top, right, bottom = box
    across, down, image = round((right - left) * ratio), round((bottom - top) * ratio), shared[0].canvas
    context.drawImage(image, 0, image.height - down, across, down, left, top, right - left, bottom - top)
    return relief.over(theme)
