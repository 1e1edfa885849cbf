// @ts-check
/**
 * Signs in at an issuer and comes back with a token: OAuth's authorization code with PKCE (RFC 7636), as a page that
 * can keep no secret does it.
 */

const PENDING = "sign-in";

/** @typedef {{authorize: string, token: string, client: string, scope: string}} Issuer */

/**
 * The address at which *issuer* asks who is there. What proves on the way back that it was this tab stays in *storage*.
 * @param {Issuer} issuer @param {string} page @param {Storage} storage @param {boolean} anew - even if they are signed in there
 */
export async function leaving(issuer, page, storage, anew) {
  const [verifier, state] = [word(), word()];
  storage.setItem(PENDING, JSON.stringify({ verifier, state }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: issuer.client,
    redirect_uri: page,
    scope: issuer.scope,
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  if (anew) asked.set("prompt", "login");
  return `${issuer.authorize}?${asked}`;
}

/**
 * The token that *search*, the query one came back with, is exchanged for; "" where nobody came back.
 * Throws words for the person.
 * @param {Issuer} issuer @param {string} page @param {string} search @param {Storage} storage
 */
export async function arriving(issuer, page, search, storage) {
  const said = new URLSearchParams(search);
  if (!said.has("state")) return "";
  const pending = JSON.parse(storage.getItem(PENDING) ?? "{}");
  storage.removeItem(PENDING);
  if (said.get("state") !== pending.state) throw new Error("That sign-in did not begin in this tab. Please begin here.");
  const code = said.get("code");
  if (!code) throw new Error("You were not signed in. Please try again.");
  return exchange(issuer, { code, redirect_uri: page, code_verifier: pending.verifier });
}

/** @param {Issuer} issuer @param {Record<string, string>} proof */
async function exchange(issuer, proof) {
  const body = new URLSearchParams({ grant_type: "authorization_code", client_id: issuer.client, ...proof });
  const answer = await fetch(issuer.token, { method: "POST", body }).catch(() => undefined);
  if (!answer) throw new Error("Where you signed in does not answer just now. Please try again.");
  if (!answer.ok) throw new Error("That sign-in has run out before it was finished. Please try again.");
  return /** @type {string} */ ((await answer.json()).access_token);
}

/** 256 bits that nobody guesses, in the letters that PKCE allows. */
function word() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
