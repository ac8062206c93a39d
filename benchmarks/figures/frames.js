// Turns a figure's surface by a degree a frame, or plays the figure's motion over and over; gives the time between one
// frame with new pixels and the next. Without a figure, the time between the frames of the page.
async ([name, seconds]) => {
  const figure = name ? document.getElementById(name) : null;
  const turn = figure?.querySelector("input[name=turn]");
  const play = figure?.querySelector("button[name=play]");
  const reliefs = [...(figure?.querySelectorAll("canvas[data-relief]") ?? [])];
  const canvases = reliefs.length ? reliefs : [...(figure?.querySelectorAll("canvas[data-view]") ?? [])];
  const side = reliefs.length ? 24 : 128; // of a surface all of it, made small; of thin lines a piece, as it is
  const copy = new OffscreenCanvas(side * canvases.length || 1, side).getContext("2d", { willReadFrequently: true });
  const look = () => {
    canvases.forEach((canvas, k) => {
      if (reliefs.length) copy.drawImage(canvas, k * side, 0, side, side);
      else copy.drawImage(canvas, canvas.width / 4, canvas.height / 4, side, side, k * side, 0, side, side);
    });
    const { data } = copy.getImageData(0, 0, side * canvases.length, side);
    return new Uint32Array(data.buffer).reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 7);
  };
  const times = [];
  let before;
  for (const begin = performance.now(); performance.now() - begin < 1000 * seconds; ) {
    const now = await new Promise(requestAnimationFrame);
    const seen = figure ? look() : now;
    if (seen !== before) times.push(now);
    before = seen;
    if (reliefs.length) {
      turn.value = (Number(turn.value) + 1) % 360;
      turn.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (play?.getAttribute("aria-pressed") === "false") play.click();
  }
  return times.slice(1).map((time, k) => time - times[k]);
}
