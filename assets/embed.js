// <unfold-figure name="two-lines" state="control=value&…" hide="control,…" theme="light" start></unfold-figure>
// shows one of Unfold's figures on any page: a poster until the reader asks for more (or `start` stands there), then
// a frame of embed/NAME.html, as high as what is in it. It raises `unfold-change` with the state.
customElements.get("unfold-figure") || customElements.define("unfold-figure", class extends HTMLElement {
  static observedAttributes = ["name", "state", "hide", "theme", "start"];
  // Where this script came from: a module has no currentScript, but its address stands in its stack.
  static #from = document.currentScript?.src ?? new Error().stack.match(/https?:[^\s()]+?\/embed\.js/)[0];
  static #posters = "./posters/embed/";
  // Each figure's question and the height of its poster, which is 400 wide. `python3 dev.py page` writes them.
  static #figures = {
    // figures
    "gate": ["What can one neuron decide?", 381],
    "one-line": ["Can one line part XOR?", 381],
    "two-lines": ["Can two lines do what one cannot?", 400],
    "diagram": ["What does each neuron do with what it gets?", 396],
    "fit-line": ["Can the loss alone lead you to the line?", 400],
    "tangent": ["How steep is a curve at one point?", 400],
    "bowl": ["Where is the loss lowest?", 400],
    "gradient-field": ["Which way is down?", 400],
    "chain-rule": ["How does the loss feel one weight?", 358],
    "matrix-product": ["What does a whole layer do to a row of inputs?", 472],
    "linear-map": ["What can four numbers do to the whole plane?", 400],
    "step-function": ["Which way should the weight move?", 400],
    "sigmoid": ["How steep is the smooth step?", 320],
    "layer-steps": ["What does one layer do to the plane?", 400],
    "hidden-by-hand": ["Can you bend the plane so that one line is enough?", 400],
    "training": ["Can it find the answer by itself?", 400],
    "loss-curves": ["Is it the seed, or the activation?", 283],
    "landscape": ["What does the ground look like that training walks on?", 400],
    "activations": ["What can a neuron make of its sum?", 283],
    "circles": ["How many neurons lift the inside out of a ring?", 400],
    "layers": ["What does every layer do to the plane?", 391],
    // /figures
  };
  static #themes = ["light", "dark"];
  static #style = new CSSStyleSheet(); // not a <style>, which a page's content security policy may forbid
  static {
    this.#style.replaceSync(`:host { display: block } :host([hidden]) { display: none }
div { all: initial; display: block; position: relative; color-scheme: light; --panel: #fff; --ink: #1c1e22; --soft: #5b6068; --rule: #e2dfd8 }
.dark { color-scheme: dark; --panel: #1b1e24; --ink: #e9e6df; --soft: #a2a6ae; --rule: #2d3139 }
button, p { all: unset; box-sizing: border-box; display: block; width: 100%; padding: 16px 20px; background: var(--panel); color: var(--ink); border: 1px solid var(--rule); border-radius: 14px; font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere }
button { cursor: pointer } button:focus-visible { outline: 3px solid; outline-offset: 2px } p:empty { display: none } a { color: inherit }
b { display: block; font-size: 18px } small { color: var(--soft); margin-inline-start: 12px }
img { display: block; width: 100%; max-width: 400px; height: auto; margin: 14px auto; border-radius: 6px }
i { display: inline-block; padding: 8px 18px; border-radius: 8px; background: var(--ink); color: var(--panel); font: inherit; font-weight: 600 }
.here button { display: none }`);
  }

  #all = this.#make("div");
  #alert = this.#make("p", { role: "alert" });
  #slot = this.#make("slot", { name: "unfold" });
  #frame; // a child of this element, not in its shadow: there frames could not find one another, to share their Python
  #height; // of what is in it; 0 until it has come
  #state; // what the figure tells; until it has told, what the page asks for
  #sent; // the settings that the frame was last told
  #leave = new AbortController();

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [this.constructor.#style];
    shadow.append(this.#all);
  }

  connectedCallback() {
    const { signal } = (this.#leave = new AbortController());
    const retheme = () => this.#retheme();
    const observer = new MutationObserver(retheme); // pages change to dark by an attribute of these
    for (const element of [document.documentElement, document.body]) observer.observe(element, { attributes: true });
    signal.onabort = () => observer.disconnect();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", retheme, { signal });
    addEventListener("message", (event) => this.#hear(event), { signal });
    this.#show();
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#drop();
  }

  attributeChangedCallback(name) {
    if (name === "state" || name === "name") this.#state = null;
    if (!this.#all.firstChild || !this.isConnected) return;
    if (name === "name") this.#show();
    else if (name === "theme") this.#retheme();
    else if (name === "start") this.hasAttribute("start") && this.start();
    else this.#settle();
  }

  /** What the figure is set to, as control=value&… */
  get state() {
    return this.#state ?? this.getAttribute("state") ?? "";
  }

  get #link() {
    const hide = this.getAttribute("hide");
    return [this.state, hide && `hide=${encodeURIComponent(hide)}`].filter(Boolean).join("&");
  }

  // What stands in `theme`; else what the page's color-scheme says; where it says both or nothing, what the reader likes.
  get #theme() {
    const asked = this.getAttribute("theme");
    const said = asked ? [asked] : getComputedStyle(this).colorScheme.split(" ");
    const able = this.constructor.#themes.filter((theme) => said.includes(theme));
    return able.length === 1 ? able[0] : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  #at(address) {
    return new URL(address, this.constructor.#from).href;
  }

  #make(kind, attributes, ...inside) {
    const made = document.createElement(kind);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    made.append(...inside);
    return made;
  }

  #refuse(field, value, allowed) {
    this.#alert.textContent = `${field}: “${value}” is not allowed here. Allowed: ${allowed.join(", ")}.`;
  }

  #drop() {
    this.#frame?.remove();
    this.#frame = null;
    this.#height = 0;
  }

  // What stands in an element's own style and is important, no rule of the page's can undo.
  #fit() {
    if (!this.#frame) return;
    const rules = { all: "initial", display: "block", width: "100%", height: `${this.#height}px` };
    rules["color-scheme"] = this.#theme; // of another than its own it would not be seen through
    if (!this.#height) Object.assign(rules, { position: "absolute", visibility: "hidden" });
    this.#frame.style.cssText = Object.entries(rules).map((rule) => `${rule.join(":")}!important`).join(";");
  }

  #show() {
    const name = this.getAttribute("name") ?? "";
    const figures = this.constructor.#figures;
    this.#drop();
    this.#all.className = this.#alert.textContent = "";
    this.#all.replaceChildren(this.#slot, this.#alert);
    if (!Object.hasOwn(figures, name)) return this.#refuse("name", name, Object.keys(figures));
    const [question, height] = figures[name];
    const poster = this.#make("img", { alt: "", width: 400, height });
    const words = this.#make("small", {}, "runs Python here: about 10 MB, once");
    const button = this.#make("button", {}, this.#make("b", {}, question), poster, this.#make("i", {}, "Start"), words);
    button.onclick = () => this.start();
    this.#all.prepend(button);
    this.#retheme();
    if (this.hasAttribute("start")) this.start();
  }

  #retheme() {
    const theme = this.#theme;
    const asked = this.getAttribute("theme");
    this.#alert.textContent = "";
    if (asked && asked !== theme) this.#refuse("theme", asked, this.constructor.#themes);
    this.#all.classList.toggle("dark", theme === "dark");
    const poster = this.#all.querySelector("img");
    if (poster) poster.src = this.#at(`${this.constructor.#posters}${this.getAttribute("name")}-${theme}.webp`);
    this.#fit();
    this.#tell({ unfold: "theme", theme });
  }

  /** Have Python run the figure, as the reader does by a press. */
  start() {
    const name = this.getAttribute("name");
    const title = this.#all.querySelector("b")?.textContent;
    if (this.#frame || !title) return;
    // It is as high as what is in it; and what is in it can put a link on the clipboard.
    this.#frame = this.#make("iframe", { title, scrolling: "no", allow: "clipboard-write; fullscreen" });
    this.#frame.slot = "unfold";
    this.#fit();
    this.#sent = this.#link;
    this.#frame.src = this.#at(`../embed/${name}.html?theme=${this.#theme}#${this.#sent}`);
    this.#all.querySelector("i").textContent = "Starting…";
    this.append(this.#frame);
    const late = () => {
      if (this.#height) return;
      const link = this.#make("a", { href: this.#at(`../#${name}`) }, "See it in its article.");
      const { origin } = new URL(this.constructor.#from);
      this.#alert.replaceChildren(`This figure has not come. Does this page's frame-src allow ${origin}? `, link);
    };
    const timer = setTimeout(late, 20_000);
    this.#leave.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  #tell(message) {
    if (this.#height) this.#frame.contentWindow.postMessage(message, this.#at("/"));
  }

  #settle() {
    if (this.#height) this.#tell({ unfold: "state", state: (this.#sent = this.#link) });
  }

  // The frame tells its height, and its state when it is ready and whenever that changes.
  #hear({ source, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow) return;
    if (data.unfold === "height") {
      const came = !this.#height;
      this.#height = data.height;
      this.#fit();
      if (!came) return;
      this.#all.classList.add("here");
      this.#retheme(); // much may have changed since the frame was asked for
      if (this.#sent !== this.#link) this.#settle();
    } else {
      this.#state = data.state;
      const detail = { name: this.getAttribute("name"), state: data.state };
      const options = { detail, bubbles: true, composed: true };
      if (data.unfold === "change") this.dispatchEvent(new CustomEvent("unfold-change", options));
    }
  }
});
