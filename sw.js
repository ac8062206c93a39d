// The service worker: it keeps this version of the article, so that no network is needed.
// Files are kept under the hash of their contents: versions share what is equal in them, and can never mix.
// `dev.py build` writes the list. In a checkout it is empty, and this worker only takes away what another has left.

// Each path with its SHA-256, its bytes, and when it is kept: 0 at once, 1 with Python, 2 only as it is used.
const files = {};

const scope = registration.scope;
const store = `unfold ${scope}`;
const whole = `${scope}?whole`; // stands in the store from when all was asked for: a new version then comes whole too
const key = (path) => `${scope}?sha256=${files[path][0]}`;
const address = (path) => scope + (path === "index.html" ? "" : path);
let forgotten = false;

const hash = async (body) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", body))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Keeps an answer of the host if it is, byte for byte, the file of this version; tells whether it is.
const keep = async (path, answer) => {
  const headers = { "Content-Type": answer.headers.get("Content-Type") ?? "" };
  const body = await answer.arrayBuffer();
  const right = (await hash(body)) === files[path][0];
  if (right && !forgotten) await (await caches.open(store)).put(key(path), new Response(body, { headers }));
  return right;
};

// What the browser's own cache holds will do if it is right; if not, the host is asked.
const bring = async (path) => {
  const right =
    (await keep(path, await fetch(address(path), { priority: "low" }))) ||
    (await keep(path, await fetch(address(path), { cache: "reload" })));
  if (!right) throw new Error(`the host has another ${path} than this version`);
};

const kept = async () =>
  new Set((await caches.has(store)) ? (await (await caches.open(store)).keys()).map(({ url }) => url) : []);

const missing = async (latest) => {
  const there = await kept();
  return Object.keys(files).filter((path) => files[path][2] <= latest && !there.has(key(path)));
};

const sum = (paths) => paths.reduce((bytes, path) => bytes + files[path][1], 0);

const tell = async (client, busy = false) => {
  const lacking = await missing(1);
  const total = sum(Object.keys(files).filter((path) => files[path][2] <= 1));
  const readable = !lacking.some((path) => files[path][2] === 0);
  client.postMessage({ stored: total - sum(lacking), total, readable, busy });
};

const install = async () => {
  if (!Object.keys(files).length) return skipWaiting();
  const latest = (await caches.match(whole, { cacheName: store })) ? 1 : 0;
  await Promise.all((await missing(latest)).map(bring));
};

const activate = async () => {
  if (!Object.keys(files).length) {
    await caches.delete(store);
    await registration.unregister();
    for (const client of await clients.matchAll({ type: "window" })) {
      await fetch(client.url, { cache: "reload" }); // or the browser may still hold the old page for fresh
      await client.navigate(client.url);
    }
    return;
  }
  const cache = await caches.open(store);
  const wanted = new Set([whole, ...Object.keys(files).map(key)]);
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
  await clients.claim();
};

// From the store; else from the host, to be kept if the reader has anything kept. What is stored is given whole: as a
// stream, Chromium under load at times takes it for never ended, and then lets no later version take over.
const answer = async (event, path) => {
  const found = await caches.match(key(path), { cacheName: store });
  if (found) return new Response(await found.arrayBuffer(), { headers: found.headers });
  const response = await fetch(event.request);
  if (response.ok && (await caches.has(store))) event.waitUntil(keep(path, response.clone()));
  return response;
};

// What the page may ask, by a word.
const tasks = {
  status: tell,
  update: () => skipWaiting(),
  store: async (client) => {
    forgotten = false;
    await (await caches.open(store)).put(whole, new Response(""));
    await Promise.all(
      (await missing(1)).map(async (path) => {
        await bring(path).catch((problem) => console.info(`Not stored: ${path} (${problem.message})`));
        await tell(client, true);
      }),
    );
    await tell(client);
  },
  forget: async (client) => {
    forgotten = true;
    await caches.delete(store);
    await registration.unregister();
    client.postMessage({ forgotten });
  },
};

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.waitUntil(tasks[event.data]?.(event.source)));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const path = url.slice(scope.length).split(/[?#]/)[0] || "index.html";
  if (method === "GET" && url.startsWith(scope) && Object.hasOwn(files, path)) event.respondWith(answer(event, path));
});
