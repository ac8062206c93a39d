// Sets a control of a figure to one value after another that asks for new surfaces; times each to the frame in which
// all of the figure's surfaces have new pixels.
async ([name, setting, values]) => {
  const figure = document.getElementById(name);
  const control = figure.querySelector(`[name="${setting}"]`);
  const canvases = [...figure.querySelectorAll("canvas[data-relief]")];
  const side = 32;
  const copy = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  const frame = () => new Promise(requestAnimationFrame);
  const look = (canvas) => {
    copy.drawImage(canvas, 0, 0, side, side);
    return copy.getImageData(0, 0, side, side).data.join();
  };
  const times = [];
  for (const value of values) {
    await new Promise((done) => setTimeout(done, 400)); // long enough for surfaces to be drawn in full
    await frame();
    const before = canvases.map(look);
    control.value = value;
    const begin = performance.now();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
    let fresh = canvases.map(() => false);
    while (!fresh.every(Boolean) && performance.now() - begin < 3000) {
      await frame();
      fresh = canvases.map((canvas, k) => fresh[k] || look(canvas) !== before[k]);
    }
    times.push(performance.now() - begin);
  }
  return times;
}
