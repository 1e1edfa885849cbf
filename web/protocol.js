// @ts-check
/**
 * The socket: opened, watched, and opened again after a growing, jittered wait. It knows frames, and nothing of turns.
 *
 * What happens is told by one callback as events; a frame is handed over as it came.
 */

const PING_EVERY = 5 * 60_000;
const PONG_WITHIN = 8_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const REFUSALS = 2; // A server that was just away fails one handshake and answers the question after it.

/** Milliseconds before attempt *attempt* (0, 1, ...): doubled each time, of which half is chance. @param {number} attempt @param {number} chance */
export function backoff(attempt, chance) {
  const longest = Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT);
  return Math.round(longest / 2 + (longest / 2) * chance);
}

/** A new id. Not `crypto.randomUUID`, which a page from another machine has over https only. */
export function uuid() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** What a token says of itself, or nothing where it is none; whether it is true, only the server can tell. @param {string} token @returns {{sub: string, exp: number} | undefined} */
export function claims(token) {
  try {
    const [, said] = /** @type {RegExpMatchArray} */ (token.match(/^[\w-]+\.([\w-]+)\.[\w-]+$/));
    return JSON.parse(atob(said.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
}

/** @typedef {{type: string, now: number, refused?: boolean, frame?: any, retryAt?: number}} Event_ */

export class Connection {
  /** @type {WebSocket | null} */ #socket = null;
  #attempt = 0;
  #refusals = 0;
  #retry = 0;
  #ping = 0;
  #pong = 0;

  /**
   * *renew*: called after a handshake that failed, since the server may be there and only the cookie have run out;
   * fails where the server is away, which no script is told otherwise.
   * @param {{url: string, tell: (event: Event_) => void, renew: () => Promise<unknown>}} options
   */
  constructor({ url, tell, renew }) {
    this.url = url;
    this.protocols = ["companion.v1"];
    this.tell = tell;
    this.renew = renew;
  }

  /** Open anew with *token*, sent as a second subprotocol where no cookie speaks for the page. @param {string} token */
  enter(token) {
    this.close();
    this.protocols = ["companion.v1", `bearer.${token}`];
    this.#attempt = this.#refusals = 0;
    this.open();
  }

  open() {
    clearTimeout(this.#retry);
    if (this.#socket) return;
    const socket = new WebSocket(this.url, this.protocols);
    this.#socket = socket;
    this.#tell("connecting");
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = () => this.#lost(socket);
  }

  /** Try at once: the network is said to be back, or the person asks. */
  hurry() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#probe();
    else if (!this.#socket) this.open();
  }

  /** @param {object} frame */
  send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Close for good. */
  close() {
    const socket = this.#socket;
    this.#forget();
    socket?.close();
  }

  #opened() {
    this.#attempt = this.#refusals = 0;
    this.#ping = setInterval(() => this.#probe(), PING_EVERY);
    this.#tell("opened");
  }

  /** @param {string} data */
  #heard(data) {
    clearTimeout(this.#pong);
    this.#tell("frame", { frame: JSON.parse(data) });
  }

  /** Ask for a sign of life: a socket that slept through a change of network looks open for minutes. */
  #probe() {
    const socket = this.#socket;
    clearTimeout(this.#pong);
    this.send({ action: "ping" });
    this.#pong = setTimeout(() => {
      socket?.close();
      this.#lost(socket);
    }, PONG_WITHIN);
  }

  /** @param {WebSocket | null} socket */
  #lost(socket) {
    if (socket !== this.#socket) return;
    const shaken = Boolean(this.#ping);
    this.#forget();
    if (!shaken) this.renew().then(() => this.#refused(this.#refusals + 1), () => this.#refused(0));
    const wait = backoff(this.#attempt, Math.random());
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.open(), wait);
    this.#tell("lost", { retryAt: Date.now() + wait });
  }

  /** @param {number} refusals */
  #refused(refusals) {
    if (this.#ping) return; // It was let in meanwhile.
    this.#refusals = refusals;
    this.#tell("handshake", { refused: refusals >= REFUSALS });
  }

  #forget() {
    this.#socket = null;
    clearInterval(this.#ping);
    this.#ping = 0;
    clearTimeout(this.#pong);
    clearTimeout(this.#retry);
  }

  /** @param {string} type @param {object} [more] */
  #tell(type, more = {}) {
    this.tell({ type, now: Date.now(), ...more });
  }
}
