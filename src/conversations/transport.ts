/** What carries a dialogue, by what it told of its way: the innermost counts. */
const CARRIERS: readonly (readonly [RegExp, string])[] = [
  [/\bwebsocket\b/iu, 'websocket'],
  [/\bsocks\b/iu, 'socks'],
  [/\bhttp proxy\b/iu, 'http-proxy'],
  [/^(?:in|inside|over) http\b/iu, 'http'],
]

/** `tcp`, `websocket`, `socks`, `http-proxy`, `http`. */
export function transportOf(reasons: readonly string[]): string {
  const found = CARRIERS.find(([pattern]) =>
    reasons.some((reason) => WAY.test(reason) && pattern.test(reason)),
  )
  return found?.[1] ?? 'tcp'
}

/** How reasons begin that tell of the way rather than of the dialogue. */
const WAY = /^(?:in|inside|over|through) /u
