import { isMinerAgent } from './algorithm.ts'
import {
  basicUser,
  fieldOf,
  isWebSocketUpgrade,
  proxiedHost,
  statusOf,
  targetOf,
} from './carrier/http-head.ts'
import type { AfterHead } from './carrier/sink.ts'
import type { Ledger } from './ledger.ts'

/** What a miner that works for a daemon of its own asks for between its requests for work (XMRig, `daemon` mode). */
const POLLED = /^\/(?:getheight|get_height|getinfo|get_info)(?:$|\?)/u
/** Replies to CONNECT in the words of most proxies; without their request they are known by these alone. */
const TUNNEL_OPEN = /^HTTP\/1\.[01] 200 (?:connection |tunnel )?established/iu
const PLAIN_ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?$/iu

/**
 * How the dialogue travels, as far as heads and handshakes tell: through which proxies, in HTTP, in a
 * WebSocket; and what they say about the miner besides.
 */
export class Carriage {
  /** `through a SOCKS 5 proxy to pool.example:3333`, `inside a WebSocket`: outermost first. */
  readonly ways: string[] = []
  /** `host:port` (or `host`) by which the miner itself asked for the pool. */
  poolName: string | null = null
  /** The newest request speaks HTTP and carries a message of its own. */
  isPost = false
  private asked: 'nothing' | 'tunnel' | 'websocket' | 'poll' | 'message' = 'nothing'
  private user: string | null = null

  /** A head was seen; `isDoubtful`: nothing so far tells that this is about mining. */
  head(ledger: Ledger, text: string, isDoubtful: boolean): AfterHead {
    return statusOf(text) === null ? this.request(ledger, text, isDoubtful) : this.reply(text)
  }

  socks(version: 4 | 5, target: string | null): void {
    if (target !== null) this.poolName = target
    const way = `through a SOCKS ${version} proxy`
    this.travel(target === null ? way : `${way} to ${target}`, way)
  }

  /** It is mining: what was said before that is told. */
  confirm(ledger: Ledger): void {
    if (this.user !== null) ledger.setLogin(this.user)
  }

  /** Either side of a carrier may be seen first; the fuller way of telling it stays. */
  travel(way: string, short: string = way): void {
    const at = this.ways.findIndex((known) => known === short || known.startsWith(`${short} to `))
    if (at < 0) this.ways.push(way)
    else if (way.length > this.ways[at]!.length) this.ways[at] = way
  }

  private request(ledger: Ledger, text: string, isDoubtful: boolean): AfterHead {
    this.isPost = false
    const target = targetOf(text)
    if (text.startsWith('CONNECT ')) {
      this.asked = 'tunnel'
      this.poolName = target
      this.travel(`through an HTTP proxy to ${target}`, 'through an HTTP proxy')
      return 'tunnel'
    }
    const isMiner = readMiner(ledger, text)
    this.name(text, target)
    if (isWebSocketUpgrade(text)) {
      this.asked = 'websocket'
      return 'websocket'
    }
    this.isPost = text.startsWith('POST ')
    const isPoll = !this.isPost && POLLED.test(target)
    this.asked = isPoll ? 'poll' : 'message'
    this.user ??= basicUser(fieldOf(text, 'authorization'))
    return this.isPost || isPoll || isMiner || !isDoubtful ? 'body' : 'foreign'
  }

  private reply(text: string): AfterHead {
    if (isWebSocketUpgrade(text) && statusOf(text) === 101) return 'websocket'
    const status = statusOf(text)!
    switch (this.asked) {
      case 'tunnel':
        return status >= 200 && status < 300 ? 'tunnel' : 'skip'
      case 'websocket':
      case 'poll':
        return 'skip'
      case 'message':
        return 'body'
      default:
        return replyAlone(text)
    }
  }

  private name(text: string, target: string): void {
    const proxied = proxiedHost(target)
    if (proxied !== null) {
      this.poolName = proxied
      this.travel(`through an HTTP proxy to ${proxied}`, 'through an HTTP proxy')
      return
    }
    const host = fieldOf(text, 'host')
    if (host !== null && /^[\w.-]{1,253}(?::\d{1,5})?$/u.test(host) && !PLAIN_ADDRESS.test(host))
      this.poolName ??= host
  }
}

/** Its request was not seen. */
function replyAlone(text: string): AfterHead {
  if (TUNNEL_OPEN.test(text)) return 'tunnel'
  return /json|text\/plain/iu.test(fieldOf(text, 'content-type') ?? '') ? 'body' : 'foreign'
}

/** A miner that asks for work over HTTP says so: `X-Mining-Extensions` (Bitcoin wiki, getwork), its name. */
function readMiner(ledger: Ledger, head: string): boolean {
  const agent = fieldOf(head, 'user-agent')
  const hasExtensions = fieldOf(head, 'x-mining-extensions') !== null
  const isAgent = agent !== null && isMinerAgent(agent)
  if (hasExtensions) ledger.tell('X-Mining-Extensions', 0.75)
  if (isAgent) {
    ledger.tell('agent is a miner', 0.55)
    ledger.setAgent(agent)
  }
  return hasExtensions || isAgent
}
