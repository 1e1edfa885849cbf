// @ts-check
/** The microphone: asked for with the browser's echo cancellation, told in frames; where there is none, in words why. */

const WANTED = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } };
const WHY = {
  NotAllowedError: "The microphone is not allowed here: allow it in the browser’s address bar, then try again.",
  NotFoundError: "There is no microphone: connect one, then try again.",
  NotReadableError: "Another program holds the microphone: close it, then try again.",
};
const INSECURE = "Browsers give a microphone to https pages and to this machine’s own only: open the page by https, or as localhost.";

/** @param {unknown} error */
export const whyNot = (error) => WHY[/** @type {keyof typeof WHY} */ (/** @type {Error} */ (error).name)] ?? `The microphone does not start: ${/** @type {Error} */ (error).message}`;

/** @typedef {{samples: Int16Array, power: number}} Captured */

export class Microphone {
  /** @type {MediaStream | null} */ #media = null;
  /** @type {AudioContext | null} */ #context = null;

  /** Begin to tell frames; fails with words. @param {(captured: Captured) => void} tell @param {() => void} ended it was taken away */
  async open(tell, ended) {
    if (!navigator.mediaDevices) throw new Error(INSECURE);
    const media = await navigator.mediaDevices.getUserMedia(WANTED).catch((error) => Promise.reject(new Error(whyNot(error))));
    this.#media = media;
    media.getTracks()[0].onended = ended;
    const context = (this.#context = new AudioContext());
    await context.audioWorklet.addModule(new URL("capture.worklet.js", import.meta.url));
    const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    capture.port.onmessage = ({ data }) => tell(data);
    context.createMediaStreamSource(media).connect(capture);
    void context.resume();
  }

  /** A track that is off gives silence, and the browser shows that nobody listens. @param {boolean} on */
  listen(on) {
    for (const track of this.#media?.getTracks() ?? []) track.enabled = on;
  }

  close() {
    for (const track of this.#media?.getTracks() ?? []) track.stop();
    void this.#context?.close();
    this.#media = this.#context = null;
  }
}
