import type { Finding, HostFacts, MiningFacts } from '../../event/finding.ts'
import { MAX_EVIDENCE } from '../../event/origin.ts'
import { highest, lowest } from '../../extremes.ts'
import type { Contact } from './contact.ts'
import { type Best, bestOf, poolKey, type Story } from './story.ts'
import { isWebPort, judge } from './verdict.ts'

const HIJACKING = 'T1496.001'
const MAX_SPANS = 64
/** People look names up, and so do programs that look at what people send them. */
const LOOKUP_CONFIDENCE = 0.1

/** Mining where a connection shows it; else what people and programs may do as well. */
export function findingOf(story: Story): Finding {
  const best = bestOf(story)
  const common = { id: story.id, detector: 'pool-contact', attack: [HIJACKING], subjects: [story.subject] }
  if (best === null || best.verdict.level === 'weak') {
    return {
      ...common,
      title: contextTitle(story, best),
      severity: 'low',
      confidence: best?.verdict.confidence ?? LOOKUP_CONFIDENCE,
      stage: 'context',
      firstSeen: story.firstSeen,
      lastSeen: story.lastSeen,
      count: Math.max(1, best === null ? story.lookups : story.contactCount),
      evidence: [...story.evidence],
      facts: contextFacts(story, best),
    }
  }
  const strong = story.contacts.filter((contact) => judge(contact).level !== 'weak')
  return {
    ...common,
    title: miningTitle(best.contact),
    severity: best.verdict.level === 'sure' ? 'high' : 'medium',
    confidence: best.verdict.confidence,
    stage: 'mining',
    firstSeen: lowest(strong.map(({ start }) => start)),
    lastSeen: highest(strong.map(({ end }) => end)),
    count: strong.length,
    evidence: proofsOf(story, best.contact),
    facts: miningFacts(story, best, strong),
  }
}

/** The connection that tells most first, then how it came to it and went on. */
function proofsOf(story: Story, { evidence }: Contact): Finding['evidence'] {
  const others = story.evidence.filter(
    ({ file, packet, offset, raw }) =>
      file !== evidence.file ||
      packet !== evidence.packet ||
      offset !== evidence.offset ||
      raw !== evidence.raw,
  )
  return [evidence, ...others].slice(0, MAX_EVIDENCE)
}

function miningTitle(contact: Contact): string {
  const how = contact.isTls ? 'in TLS ' : ''
  if (contact.by === 'address')
    return `Talks ${how}to ${endpoint(contact)}, which a list names as a mining pool`
  const where = contact.host === null ? endpoint(contact) : `${contact.host} (${endpoint(contact)})`
  const name = poolKey(contact.pool)
  return name === contact.host
    ? `Talks ${how}to the mining pool ${where}`
    : `Talks ${how}to the mining pool ${name} at ${where}`
}

function contextTitle(story: Story, best: Best | null): string {
  if (best === null) {
    return `Looked up the mining pool ${named(story.key, story.host)}${story.isResolved ? '' : ', and got no address'}`
  }
  const { contact } = best
  if (contact.by === 'address')
    return `Connected to ${endpoint(contact)}, which a list names as a mining pool`
  const name = named(story.key, contact.host)
  if (!contact.isAnswered) return `Tried to reach the mining pool ${name}`
  if (isWebPort(contact.port)) return `Visited the web site of the mining pool ${name}, or what uses it`
  return `Connected to the mining pool ${name} at port ${contact.port}`
}

function named(name: string, host: string | null): string {
  return host === null || host === name ? name : `${name} (${host})`
}

function endpoint({ ip, port }: Contact): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

function miningFacts(story: Story, { contact, verdict }: Best, strong: readonly Contact[]): MiningFacts {
  const spans = strong
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ from: start, to: end, sharesAccepted: 0 }))
  return {
    type: 'mining',
    pool: { ip: contact.ip, port: contact.port, name: contact.host },
    minerIp: story.machineIp,
    dialect: contact.isTls ? 'tls' : 'unknown',
    coin: contact.pool.coin,
    algorithm: null,
    agent: null,
    login: null,
    worker: null,
    sharesSubmitted: 0,
    sharesAccepted: 0,
    sharesRejected: 0,
    hashrate: null,
    hashrateError: null,
    reasons: [...verdict.reasons],
    spans: spans.slice(0, MAX_SPANS),
  }
}

function contextFacts(story: Story, best: Best | null): HostFacts {
  return {
    type: 'host',
    what: best === null ? 'pool-lookup' : 'pool-contact',
    path: null,
    commandLine: null,
    exe: null,
    pid: null,
    uid: null,
    session: null,
    remote: best === null ? story.host : endpoint(best.contact),
  }
}
