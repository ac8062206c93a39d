// Whole arrays of coordinates become one canvas path in one call: a call from Python for each point is too slow.

// xy holds x, y, x, y…; counts says how many points each polyline has.
export const lines = (xy, counts) => {
  const path = new Path2D();
  let k = 0;
  for (const count of counts) {
    for (let i = 0; i < count; i++, k += 2) path[i ? "lineTo" : "moveTo"](xy[k], xy[k + 1]);
  }
  return path;
};

// Each of the words at its x, y, filled over an outline.
export const texts = (context, xy, words) => {
  words.forEach((word, k) => {
    context.strokeText(word, xy[2 * k], xy[2 * k + 1]);
    context.fillText(word, xy[2 * k], xy[2 * k + 1]);
  });
};

export const discs = (xy, radius) => {
  const path = new Path2D();
  for (let k = 0; k < xy.length; k += 2) {
    path.moveTo(xy[k] + radius, xy[k + 1]);
    path.arc(xy[k], xy[k + 1], radius, 0, 2 * Math.PI);
  }
  return path;
};

export const squares = (xy, half) => {
  const path = new Path2D();
  for (let k = 0; k < xy.length; k += 2) path.rect(xy[k] - half, xy[k + 1] - half, 2 * half, 2 * half);
  return path;
};

// Quads painted one after another: xy holds four corners each, rgb a colour each. Strokes close the seams between them.
export const quads = (context, xy, rgb) => {
  context.lineWidth = 0.7;
  context.lineJoin = "round";
  for (let k = 0, c = 0; k < xy.length; k += 8, c += 3) {
    context.fillStyle = context.strokeStyle = `rgb(${rgb[c]},${rgb[c + 1]},${rgb[c + 2]})`;
    context.beginPath();
    context.moveTo(xy[k], xy[k + 1]);
    for (let corner = 2; corner < 8; corner += 2) context.lineTo(xy[k + corner], xy[k + corner + 1]);
    context.closePath();
    context.fill();
    context.stroke();
  }
};
