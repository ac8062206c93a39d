// Moves the slider for hidden neurons between 2 and 3 while training runs; times each move to the frame in which the
// picture of the network has a third neuron in its middle, or has lost it.
async (samples) => {
  const slider = document.querySelector("#training [name=hidden]");
  const canvas = document.querySelector("#training canvas[data-view=network]");
  const copy = new OffscreenCanvas(16, 16).getContext("2d", { willReadFrequently: true });
  const frame = () => new Promise(requestAnimationFrame);
  const third = () => {
    const scale = canvas.width / canvas.clientWidth;
    copy.drawImage(canvas, canvas.width / 2 - 8 * scale, canvas.height / 2 - 8 * scale, 16 * scale, 16 * scale, 0, 0, 16, 16);
    const data = copy.getImageData(0, 0, 16, 16).data;
    let dark = 0;
    for (let k = 0; k < data.length; k += 4) dark += data[k] + data[k + 1] + data[k + 2] < 500;
    return dark > 12;
  };
  const times = [];
  for (let i = 0; i < samples; i++) {
    const want = !third();
    for (let wait = 3 + (i % 4); wait--; ) await frame();
    await new Promise((done) => setTimeout(done, (i * 7) % 16)); // at any moment of a frame
    slider.value = want ? 3 : 2;
    const begin = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (third() !== want && performance.now() - begin < 1000) await frame();
    times.push(performance.now() - begin);
  }
  return times;
}
