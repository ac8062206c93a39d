// Turns a figure's surface by a degree a frame; gives the time between one frame with new pixels and the next.
// Without a figure, the time between the frames of the page.
async ([name, seconds]) => {
  const figure = name ? document.getElementById(name) : null;
  const turn = figure?.querySelector("input[name=turn]");
  const canvases = [...(figure?.querySelectorAll("canvas[data-relief]") ?? [])];
  const side = 24;
  const copy = new OffscreenCanvas(side * canvases.length || 1, side).getContext("2d", { willReadFrequently: true });
  const look = () => {
    canvases.forEach((canvas, k) => copy.drawImage(canvas, k * side, 0, side, side));
    return copy.getImageData(0, 0, side * canvases.length, side).data.join();
  };
  const times = [];
  let before = "";
  for (const begin = performance.now(); performance.now() - begin < 1000 * seconds; ) {
    const now = await new Promise(requestAnimationFrame);
    const seen = figure ? look() : String(now);
    if (seen !== before) times.push(now);
    before = seen;
    if (!turn) continue;
    turn.value = (Number(turn.value) + 1) % 360;
    turn.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return times.slice(1).map((time, k) => time - times[k]);
}
