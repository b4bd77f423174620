import type { Finding } from '../event/finding.ts'
import { firstAndLast } from './evidence-union.ts'
import type { Reach, WayIn } from './incident.ts'
import { isHost } from './occupation/trace.ts'

const MAX_REACH = 24
const PROOFS = 4
/** Kinds of findings, and what each puts in reach. */
const BY_TRICK: Readonly<Record<string, Reach['kind']>> = {
  'credential-access': 'credential',
  spread: 'host',
  exfiltration: 'data',
  'access-sold': 'access',
}
/** ATT&CK v19: unsecured credentials, credentials from stores, OS credential dumping, steal token, cloud metadata. */
const CREDENTIAL = /^T(?:1552|1555|1003|1528|1539)(?:\.\d+)?$/u
/** Exfiltration over anything, archive of collected data. */
const DATA = /^T(?:1041|1048|1567|1020|1560)(?:\.\d+)?$/u
/** Proxy, internal proxy; resource for sale. */
const ACCESS = /^T(?:1090|1572|1496\.002)(?:\.\d+)?$/u
/** Remote services with keys that lie there. */
const HOST = /^T(?:1021\.004|1563\.001|1570)$/u

/**
 * What else the intruders' way in opens: what they were seen to read, to take away, or to go on to, and what an
 * account that they hold can reach. Only what the evidence shows; what it cannot show is not claimed.
 */
export function reachOf(findings: readonly Finding[], ways: readonly WayIn[]): Reach[] {
  const seen = findings.flatMap((finding) => {
    const kind = kindOf(finding)
    return kind === null ? [] : [{ kind, finding }]
  })
  // A rule that says the same in general words adds nothing.
  const named = new Set(seen.filter(({ finding }) => finding.rule === undefined).map(({ kind }) => kind))
  const telling = seen.filter(({ kind, finding }) => finding.rule === undefined || !named.has(kind))
  const folded = Map.groupBy(telling, ({ kind, finding }) => `${kind}\0${wordsOf(finding)}`)
  const told = [...folded.values()].flatMap((group): Reach[] => {
    const [first] = group
    if (first === undefined) return []
    const evidence = firstAndLast(
      group.flatMap(({ finding }) => finding.evidence),
      PROOFS,
    )
    return [{ kind: first.kind, what: wordsOf(first.finding), evidence }]
  })
  return [...ofAccounts(ways), ...told]
    .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .slice(0, MAX_REACH)
}

const ORDER: readonly Reach['kind'][] = ['credential', 'account', 'host', 'data', 'access']

function kindOf(finding: Finding): Reach['kind'] | null {
  if (finding.stage === 'pressure' || finding.stage === 'mining' || finding.stage === 'way-in') return null
  const own = isHost(finding) ? BY_TRICK[finding.facts.what] : undefined
  if (own !== undefined) return own
  // A rule below medium names what an administrator does every day.
  if (finding.severity === 'info' || finding.severity === 'low') return null
  const has = (pattern: RegExp): boolean => finding.attack.some((id) => pattern.test(id))
  if (has(CREDENTIAL)) return 'credential'
  if (has(HOST)) return 'host'
  if (has(DATA)) return 'data'
  return has(ACCESS) ? 'access' : null
}

function wordsOf(finding: Finding): string {
  if (!isHost(finding)) return finding.title
  const { path, remote, what } = finding.facts
  if (what === 'credential-access' && path !== null) return `${path} was read`
  if (what === 'spread' && remote !== null) return `${remote} was tried from here`
  return finding.title
}

/** Accounts that were entered: everything they may do is in reach. From several networks, somebody shares it. */
function ofAccounts(ways: readonly WayIn[]): Reach[] {
  const byUser = Map.groupBy(ways, ({ user }) => user)
  return [...byUser].flatMap(([user, logins]): Reach[] => {
    if (user === null) return []
    const evidence = firstAndLast(
      logins.flatMap((login) => login.evidence.slice(-1)),
      PROOFS,
    )
    const networks = new Set(logins.flatMap(({ srcIp }) => (srcIp === null ? [] : [networkOf(srcIp)])))
    const rights =
      user === 'root'
        ? 'root: every file, key and service on this machine'
        : `${user}: everything this account may read and do`
    const account: Reach = { kind: 'account', what: rights, evidence }
    if (networks.size < 2) return [account]
    const shared = `${user} was entered from ${networks.size} networks: the access is shared, or was sold`
    return [account, { kind: 'access', what: shared, evidence }]
  })
}

/** The /16 of an IPv4 address, the /32 of an IPv6 one: about one provider's. */
function networkOf(ip: string): string {
  return ip.includes(':') ? ip.split(':', 2).join(':') : ip.split('.', 2).join('.')
}
