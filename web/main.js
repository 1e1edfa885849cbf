// @ts-check
/** Puts the page together: the connection tells the store, the store shows the views, the views tell the store. */

import { arriving, leaving } from "./oauth.js";
import { claims, Connection, uuid } from "./protocol.js";
import { erasing } from "./state/rights.js";
import { unsettled } from "./state/state.js";
import { inOrder, openTurns } from "./state/talk.js";
import { Store } from "./store.js";
import { Announcer } from "./views/announcer.js";
import { Composer } from "./views/composer.js";
import { byId } from "./views/dom.js";
import { MemoryView } from "./views/memory.js";
import { RightsView } from "./views/rights.js";
import { SignInView } from "./views/sign-in.js";
import { StatusView } from "./views/status.js";
import { TalkView } from "./views/talk.js";
import { VoiceView } from "./views/voice.js";
import { WelcomeView } from "./views/welcome.js";

const OPEN = "open turns";
const TOKEN = "token";

const config = await (await fetch("config.json")).json();
const signs = config.sign_in !== "cookie";
const page = location.origin + location.pathname;
const store = new Store({ send: (frame) => connection.send(frame), show });
const connection = new Connection({
  url: Object.assign(new URL(config.socket, location.href), { protocol: location.protocol.replace("http", "ws") }).href,
  tell: (event) => {
    if (event.refused && signs) return signOut("refused");
    store.take(event);
    conversation?.take(event.frame ?? event);
  },
  renew: () => fetch("./", { cache: "no-store" }),
});

const composer = new Composer({
  say: (text, off) => {
    utter(text, { private: off, voice: conversation?.on });
  },
  stop,
});
const talk = new TalkView({
  earlier: () => store.dispatch("earlier"),
  again: (turn) => store.dispatch("again", { turn, id: uuid() }),
  keep: (turn) => store.dispatch("stop", { turn }),
  inspect: (turn) => store.dispatch("inspect", { turn }),
});
const memory = new MemoryView({
  search: (query) => store.dispatch("search", { query }),
  more: () => store.dispatch("more"),
  forget: (id) => store.dispatch("forget", { memory: id }),
  undo: (id) => store.dispatch("undo", { memory: id }),
  edit: (id) => store.dispatch("edit", { memory: id }),
  keep: (id) => store.dispatch("keep", { memory: id }),
  correct: (id, text) => store.dispatch("correct", { memory: id, text }),
});
const rights = new RightsView({
  copy: () => store.dispatch("export"),
  erase: (confirm) => store.dispatch("erase", { confirm }),
  read: () => store.dispatch("read"),
});
/** @type {import("./voice/conversation.js").Conversation | undefined} */
let conversation;
const voice = new VoiceView({
  tap: () => talking().then((one) => one.tap(), () => voice.away()),
  press: () => talking().then((one) => one.press(), () => voice.away()),
  release: () => conversation?.release(),
  end: () => conversation?.end(),
});
const status = new StatusView({ retry: hurry, understood: () => store.dispatch("understood") });
const signIn = new SignInView({ enter, leave: config.oauth && leave });
const announcer = new Announcer();
const welcome = new WelcomeView(config.model, (text) => composer.try(text));

/** @param {string} text @param {object} more */
function utter(text, more) {
  const turn = uuid();
  store.dispatch("say", { turn, text, ...more });
  talk.pin();
  return turn;
}

/** What a spoken conversation needs; it comes when one is first wanted. */
async function talking() {
  const { Conversation } = await import("./voice/conversation.js");
  conversation ??= new Conversation({
    language: config.languages?.find((/** @type {string} */ known) => navigator.languages.includes(known)) ?? config.languages?.[0] ?? "en-US",
    send: (frame) => connection.send(frame),
    say: (text, more) => utter(text, { private: composer.private, voice: true, ...more }),
    stop: (turn, heard) => store.dispatch("stop", { turn, heard }),
    note: (turn, moment) => store.dispatch("note", { turn, moment }),
    show: (shown) => {
      voice.show(shown);
      compose();
    },
  });
  return conversation;
}

function compose() {
  const { talk: said, rights: wishes } = store.state;
  composer.show({ running: conversation?.speaking || openTurns(said).some(({ stopping }) => !stopping), held: erasing(wishes) });
}

function stop() {
  if (conversation?.answering) void conversation.stop();
  else store.dispatch("stop");
}

/** Speak as whom *token* names; what another one has said in this tab is not theirs to see. @param {string} token */
function enter(token) {
  const user = claims(token)?.sub ?? "";
  const other = rights.user && rights.user !== user;
  if (other) sessionStorage.removeItem(OPEN);
  sessionStorage.setItem(TOKEN, token);
  if (other) return location.reload();
  rights.of(user);
  connection.enter(token);
}

/** @param {boolean} anew */
async function leave(anew) {
  location.assign(await leaving(config.oauth, page, sessionStorage, anew));
}

/** The token one has come back with, or that this tab keeps; whose code it was is not left in the address. */
async function returned() {
  const { search } = location;
  if (config.oauth && search) history.replaceState(null, "", page);
  return (config.oauth && (await arriving(config.oauth, page, search, sessionStorage))) || sessionStorage.getItem(TOKEN);
}

async function begin() {
  try {
    const token = await returned();
    token ? enter(token) : signOut("");
  } catch (error) {
    signOut("");
    queueMicrotask(() => signIn.explain(/** @type {Error} */ (error).message));
  }
}

/** @param {"" | "expired" | "refused"} why */
function signOut(why) {
  const exp = claims(sessionStorage.getItem(TOKEN) ?? "")?.exp ?? Infinity;
  store.dispatch("signedOut", { why: why && exp * 1_000 < Date.now() ? "expired" : why });
}

function hurry() {
  if (store.state.connection.status !== "expired") connection.hurry();
}

/** @param {import("./state/state.js").State} state */
function show(state) {
  const running = openTurns(state.talk);
  welcome.show(state);
  talk.show(state);
  memory.show(state);
  rights.show(state);
  status.show(state);
  conversation?.see(inOrder(state.talk));
  compose();
  announcer.show(state);
  if (signs) signIn.show(state);
  if (state.connection.status === "expired") {
    connection.close();
    conversation?.end();
    sessionStorage.removeItem(TOKEN);
  }
  // Ids only, so that an answer which runs during a reload is shown after it; no word of it stays in the browser.
  sessionStorage.setItem(OPEN, JSON.stringify(running.filter(({ accepted }) => accepted).map(({ id }) => id)));
}

addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key === "/" && !target.matches("input, textarea") && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    memory.focus();
  }
  if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && !document.querySelector(":modal, :popover-open")) {
    stop();
  }
});
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const next = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
  if (next === system) {
    delete root.dataset.theme;
    localStorage.removeItem("theme");
  } else {
    root.dataset.theme = next;
    localStorage.setItem("theme", next);
  }
});
addEventListener("online", hurry);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
// Who leaves has not undone: what was to be forgotten is forgotten now.
addEventListener("pagehide", () => store.dispatch("leave"));
addEventListener("beforeunload", (event) => (composer.draft || unsettled(store.state)) && event.preventDefault());

store.dispatch("reopened", { turns: JSON.parse(sessionStorage.getItem(OPEN) ?? "[]") });
if (signs) await begin();
else {
  rights.of(config.user);
  connection.open();
}
