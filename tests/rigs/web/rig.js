// The bench panel: buttons that scan, switches that break devices, and the label that came out.
import { code128 } from "./code128.js";

const $ = (id) => document.getElementById(id);
const POLL_MS = 500;
const SWITCHES = [
  ["paper_out", "Paper out"], ["head_open", "Head open"], ["paused", "Paused"],
];
let state = null;
let shown = { offer: "", label: 0 };

function make(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter(Boolean));
  return node;
}

async function call(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

async function scan(body, name) {
  try {
    const { read } = await call("/scan", body);
    $("answer").textContent = read ? `Scanned ${name}` : `Scanned ${name}, and nobody listened: does the station run?`;
  } catch (error) {
    $("answer").textContent = error.message;
  }
}

function codeButton(text, title, detail, more = {}) {
  const button = make("button", { type: "button", className: "code" + (more.whole ? " whole" : "") },
    code128(text), make("span", { textContent: title }), detail && make("small", { textContent: detail }));
  button.dataset.code = text;
  button.addEventListener("click", () => scan({ text, aim: more.aim ?? "" }, title));
  return button;
}

function orderCard(order) {
  const card = make("div", { className: "order" });
  card.append(codeButton(order.number, `Order ${order.number}`, order.title, { whole: true }));
  for (const line of order.lines) {
    card.append(line.barcode
      ? codeButton(line.barcode, `${line.quantity} × ${line.title || line.sku}`, line.barcode, { whole: true })
      : make("p", { textContent: `${line.quantity} × ${line.title || line.sku}: no barcode known` }));
  }
  return card;
}

function drawOffer(offer) {
  const text = JSON.stringify(offer);
  if (text === shown.offer) return;
  shown.offer = text;
  $("note").textContent = offer.note;
  $("orders").replaceChildren(...offer.orders.map(orderCard),
    ...offer.items.map((item) => codeButton(item.barcode, item.title || item.sku, item.barcode, { whole: true })));
  $("commands").replaceChildren(...offer.commands.map((c) => codeButton(c.code, c.name, "")));
  $("digits").replaceChildren(...offer.digits.map((c) => codeButton(c.code, c.name, "")));
}

function drawLabel(labels) {
  const last = labels.at(-1);
  if (!last || last.n === shown.label) return;
  shown.label = last.n;
  const picture = make("img", { alt: `Label ${last.n}: ${last.codes.map((c) => c.text).join(", ")}`, src: `/labels/${last.n}.png` });
  picture.addEventListener("error", () => $("slot").replaceChildren(
    make("p", { className: "note", textContent: "No picture: run tests/label/install.sh once." })));
  $("slot").replaceChildren(picture);
  $("label-codes").replaceChildren(...last.codes.map((c) =>
    codeButton(c.text, c.aim === "]C1" ? "Scan the SSCC" : "Scan this barcode", c.text, { aim: c.aim, whole: true })));
}

function chip(id, text, tone) {
  $(id).textContent = text;
  $(id).className = "chip" + (tone ? " " + tone : "");
}

function drawDevices() {
  const { scanner, printer } = state;
  chip("scanner-state", scanner.plugged ? "plugged in" : "unplugged", scanner.plugged ? "" : "bad");
  $("unplug").textContent = scanner.plugged ? "Unplug" : "Plug in";
  const trouble = SWITCHES.filter(([key]) => printer[key]).map(([, text]) => text.toLowerCase());
  chip("printer-state", printer.open ? trouble.join(", ") || "ready" : "switched off",
    printer.open ? (trouble.length ? "ask" : "") : "bad");
  $("printer-facts").textContent =
    `${printer.address}, serial number ${printer.serial}, ${printer.odometer} labels ever, ${printer.waiting} waiting`;
  for (const button of $("switches").children) {
    const on = button.dataset.key === "off" ? !printer.open : printer[button.dataset.key];
    if (on !== undefined) button.setAttribute("aria-pressed", String(on));
  }
}

function makeSwitches() {
  const button = (key, text, act) => {
    const node = make("button", { type: "button", textContent: text });
    node.dataset.key = key;
    node.addEventListener("click", async () => {
      state = await call("/printer", act());
      drawDevices();
    });
    return node;
  };
  $("switches").append(
    ...SWITCHES.map(([key, text]) => button(key, text, () => ({ set: { [key]: !state.printer[key] } }))),
    button("off", "Off", () => ({ do: state.printer.open ? "close" : "open" })),
    button("restart", "Restart", () => ({ do: "restart" })));
}

async function refresh() {
  try {
    state = await call("/state");
    $("title").textContent = state.title;
    document.title = `${state.title}: bench panel`;
    $("page").hidden = !state.page;
    if (state.page) $("page").href = state.page;
    drawDevices();
    drawOffer(await call("/offer"));
    drawLabel((await call("/labels")).labels);
  } catch (error) {
    $("answer").textContent = `The rig does not answer: ${error.message}`;
  }
  setTimeout(refresh, POLL_MS);
}

$("unplug").addEventListener("click", async () => {
  state = await call("/scanner", { do: state.scanner.plugged ? "unplug" : "plug" });
  drawDevices();
});
$("noise").addEventListener("click", () => scan({ hex: "ff00fe1b5b41c3280d0a" }, "garbage"));
$("free").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("text").value) scan({ text: $("text").value }, $("text").value);
  $("text").select();
});
makeSwitches();
refresh();
