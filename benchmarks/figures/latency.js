// Moves a figure's first slider or list, or the one that is named, to and fro; times each move to the frame in which a
// picture of the figure has changed. What is to be run first runs to its end before.
async ([name, samples, setting, runs]) => {
  const figure = document.getElementById(name);
  const named = setting && figure.querySelector(`[name=${setting}]`);
  const control = named || (figure.querySelector("input[type=range]:not([name=learning-rate])") ?? figure.querySelector("select"));
  const run = figure.querySelector("[name=play]");
  if (runs) run.click();
  while (runs && run.getAttribute("aria-pressed") !== "true") await new Promise(requestAnimationFrame);
  while (runs && run.getAttribute("aria-pressed") === "true") await new Promise(requestAnimationFrame);
  const canvases = [...figure.querySelectorAll("canvas")];
  const copy = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true });
  const frame = () => new Promise(requestAnimationFrame);
  const look = () => canvases.map((canvas) => {
    copy.clearRect(0, 0, 64, 64);
    copy.drawImage(canvas, 0, 0, 64, 64);
    return copy.getImageData(0, 0, 64, 64).data.reduce((sum, value, k) => (sum * 31 + value * (1 + k % 7)) % 1e9, 7);
  }).join();
  const low = Number(control.min), high = Number(control.max);
  const times = [];
  for (let i = 0; i < samples; i++) {
    for (let wait = 4 + (i % 4); wait--; ) await frame();
    await new Promise((done) => setTimeout(done, (i * 7) % 16)); // at any moment of a frame
    const before = look();
    if (control.options) control.selectedIndex = i % 2 ? 0 : 1;
    else control.value = low + (high - low) * (i % 2 ? 0.7 : 0.35);
    const begin = performance.now();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    while (look() === before && performance.now() - begin < 1000) await frame();
    times.push(performance.now() - begin);
  }
  return times;
}
