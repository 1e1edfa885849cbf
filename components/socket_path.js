/**
 * Runs in CloudFront for each handshake. The socket is asked for at /ws beside the page, but API Gateway serves a stage
 * at its own path alone, which CloudFront puts before this one.
 * @param {{request: {uri: string}}} event
 */
function handler(event) {
  event.request.uri = "/";
  return event.request;
}
