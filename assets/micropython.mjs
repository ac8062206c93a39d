// MicroPython for the page, whose WebAssembly comes packed, so that no host need compress. If it cannot come, nothing
// but this is there to say so.
import { loadMicroPython as load } from "./runtime/micropython/micropython.mjs";

const NAME = "micropython.bin";
const packed = fetch(new URL(`./made/${NAME}`, import.meta.url)); // while PyScript reads its configuration

const failed = ({ message }) => {
  document.documentElement.dataset.runtime = "failed";
  for (const figure of document.querySelectorAll("figure.unfold")) {
    figure.dataset.state = "error";
    const alert = figure.querySelector("[role=alert]");
    alert.textContent = `The page's own Python could not be started, so this figure stays a picture (${message}). Loading the page again may help.`;
  }
};

export const loadMicroPython = async (options) => {
  try {
    const { ok, status, body } = await packed;
    if (!ok) throw new Error(`${NAME}: the server answers ${status}`);
    const headers = { "content-type": "application/wasm" };
    const wasm = await new Response(body.pipeThrough(new DecompressionStream("gzip")), { headers }).blob();
    return await load({ ...options, url: URL.createObjectURL(wasm) });
  } catch (error) {
    failed(error);
    throw error;
  }
};
