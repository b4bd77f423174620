import { MASK } from './secret-names.ts'

/**
 * Secrets known by their shape. Every pattern is linear: it starts where a run of its characters
 * starts (`EDGE`), so no text is scanned twice from different starts, and no repeat nests in another.
 */
const EDGE = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))`

/** Prefixes that issuers print so that leaks can be found; the prefix stays, to tell what it was. */
const PREFIXED: readonly RegExp[] = [
  /(gh[pousr]_)[A-Za-z0-9]{20,}/, // GitHub
  /(github_pat_)\w{20,}/,
  /(gl(?:pat|rt|dt|ptt|cbt|ft|soat|imt|agent|oas)-)[\w-]{16,}/, // GitLab
  /(xox[a-z]-|xapp-)[A-Za-z0-9-]{10,}/, // Slack
  /(AIza)[\w-]{30,}/, // Google API key
  /(ya29\.)[\w.-]{16,}/, // Google OAuth
  /(GOCSPX-)[\w-]{16,}/,
  /([sr]k_(?:live|test)_)[A-Za-z0-9]{16,}/, // Stripe
  /(sk-(?:proj-|ant-|svcacct-)?)[\w-]{20,}/, // OpenAI, Anthropic
  /(npm_|pypi-|dckr_pat_|do[opr]_v1_|shpat_|hf_|lin_api_|PMAK-)[\w-]{20,}/,
  /(hv[sbr]\.)[\w-]{20,}/, // HashiCorp Vault
  /(SG\.)[\w-]{16,}\.[\w-]{16,}/, // SendGrid
  /(FwoGZXIvYXdz|FQoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=_-]{16,}/, // AWS session tokens
  /((?:bot)?\d{8,10}:)[A-Za-z0-9_-]{35}(?![\w-])/, // Telegram bots; the number is the bot's public id
]
const PREFIXED_ANY = new RegExp(`${EDGE}(?:${PREFIXED.map((pattern) => pattern.source).join('|')})`, 'g')

const AWS_ID = new RegExp(`${EDGE}(A(?:KIA|SIA|BIA|CCA))[A-Z0-9]{13}([A-Z0-9]{3})(?![A-Za-z0-9])`, 'g')
const AWS_SECRET = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g
const JWT = new RegExp(`${EDGE}(eyJ)[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?`, 'g')
const SCHEME = /(?<![\w-])(bearer|basic)([ \t]{1,8}|%20|\+)([\w.~+/=-]{8,})/gi
const HEADER =
  /(?<![\w-])((?:proxy-)?authorization|x-[a-z]{1,16}-(?:key|token)|(?:set-)?cookie)(\\?["']?[ \t]{0,8}[:=][ \t]{0,8}\\?["']?)((?:bearer|basic|digest|token|negotiate|ntlm)[ \t]{1,8})?([^"'\\\r\n]+)/gi
/** What header, scheme and webhook patterns all need. */
const SPOKEN = /authoriz|cookie|bearer|basic|-key|-token|webhooks|hooks\.slack/i
const WEBHOOK =
  /(hooks\.slack\.com\/(?:services|workflows)\/|discord(?:app)?\.com\/api\/webhooks\/\d{1,24}\/)[\w/-]{8,}/gi
const URL_PASSWORD = /(:\/\/[^\s/?#:@"'<>]{0,256}:)[^\s/?#"'<>]*@/g
const POOL_PASSWORD = /("params"\s{0,8}:\s{0,8}\[\s{0,8}"(?:[^"\\]|\\.)*"\s{0,8},\s{0,8}")(?:[^"\\]|\\.)*/g
const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g

/** A word of prose after "basic" or "bearer" (`basic authentication`) is no credential. */
function maskScheme(whole: string, scheme: string, gap: string, value: string): string {
  return /^[A-Z]?[a-z]+[.:]?$/.test(value) ? whole : `${scheme}${gap}${MASK}`
}

function maskPrivateKeys(text: string): string {
  let out = ''
  let at = 0
  for (const begin of text.matchAll(PEM_BEGIN)) {
    if (begin.index < at) continue
    const body = begin.index + begin[0].length
    const end = text.indexOf('-----END', body)
    out += text.slice(at, body) + MASK
    // A key cut off before its end is a key all the same: nothing after it is shown.
    at = end === -1 ? text.length : end
  }
  return out + text.slice(at)
}

function isMixed(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run)
}

/** A 40-character secret key has no mark of its own: it is taken for one only beside an access key id. */
function maskAws(text: string): string {
  if (!/A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{13}/.test(text)) return text
  return text.replace(AWS_ID, '$1…$2').replace(AWS_SECRET, (run) => (isMixed(run) ? MASK : run))
}

export function maskShapes(text: string): string {
  let out = text
  if (out.includes('PRIVATE KEY')) out = maskPrivateKeys(out)
  out = maskAws(out)
  out = out.replace(
    PREFIXED_ANY,
    (_, ...groups: unknown[]) => String(groups.find((group) => typeof group === 'string')) + MASK,
  )
  if (out.includes('eyJ')) out = out.replace(JWT, `$1${MASK}`)
  if (SPOKEN.test(out))
    out = out
      .replace(
        HEADER,
        (_, name: string, gap: string, scheme: string | undefined) => name + gap + (scheme ?? '') + MASK,
      )
      .replace(SCHEME, maskScheme)
      .replace(WEBHOOK, `$1${MASK}`)
  if (out.includes('://')) out = out.replace(URL_PASSWORD, `$1${MASK}@`)
  if (out.includes('mining.authorize')) out = out.replace(POOL_PASSWORD, `$1${MASK}`)
  return out
}
