/** What stands where a secret stood. Masking it again changes nothing. */
export const MASK = '[masked]'

const LAST =
  /(?:password|passwd|passphrase|passcode|secret|token|credentials?|apikey|secretkey|accesskey|privatekey|authkey)$/
const BEFORE_KEY = new Set(
  'api access secret private auth account storage encryption signing master shared session'.split(' '),
)
const NOT_PASS = /(?:com|by|tres|sur|under|over|proxy)pass$/
/** Options that ask for a secret or speak about one instead of carrying it. */
const ABOUT = new Set('no without ask prompt show allow require use read stdin disable enable'.split(' '))

/** `dbPassword`, `DB_PASSWORD`, `x-api-key` → their words in lower case. Only the last 64 characters count. */
function wordsOf(name: string): string[] {
  return name
    .slice(-64)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/**
 * Whether a field, option or variable of this name holds a secret. `PWD` alone is the working
 * directory and `key` alone an audit rule or a column, so both need a word before them.
 */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name)
  const last = words.at(-1)
  const before = words.at(-2)
  if (last === undefined || ABOUT.has(words[0] ?? '')) return false
  if (LAST.test(last)) return true
  if (last.endsWith('pass')) return !NOT_PASS.test(last) && !(last === 'pass' && before === 'proxy')
  if (last === 'pwd') return before !== undefined && before !== 'old'
  return last === 'key' && before !== undefined && BEFORE_KEY.has(before)
}

/** A private key is often named by its path, and paths are evidence. */
export function isPathOfKey(name: string, value: string): boolean {
  return /private[_.-]?key$/i.test(name.slice(-64)) && /^(?:~?\/|\.\.?\/)/.test(value)
}
