// The socket to the agent: comes back by itself, hands over whole views, sends what a person did.

const RETRY_MS = 1000;

/**
 * @param {string} url
 * @param {(view: import("./types.js").View) => void} hear
 */
export function link(url, hear) {
  /** @type {WebSocket | null} */
  let socket = null;

  function open() {
    socket = new WebSocket(url);
    socket.addEventListener("message", (e) => hear(JSON.parse(e.data)));
    // "close" follows every "error"; one of them is enough.
    socket.addEventListener("close", () => setTimeout(open, RETRY_MS));
  }
  open();

  /** Lost when there is no line: the page shows that in words, nothing is kept for later.
   * @param {object} message */
  return (message) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
}
