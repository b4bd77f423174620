import type { MessageId } from './message.ts'
import { type RecentCount, RecentWork } from './recent-work.ts'

/** Requests waiting for a reply; more than any miner keeps open. */
const MAX_OPEN = 128
const MAX_EARLY = 32
const MAX_ID_LENGTH = 64

interface OpenRequest {
  readonly id: MessageId
  readonly isShare: boolean
  /** A block: it is accepted with nothing for an answer (BIP 22). */
  readonly isBlock: boolean
  readonly hashes: number | null
}

/**
 * Shares handed in and what became of them. Replies are matched to requests by id, the oldest first, as ids may
 * repeat or be null. A reply that overtook its request (a segment held back) is kept for a while.
 */
export class Shares {
  submitted = 0
  accepted = 0
  rejected = 0
  expectedHashes = 0
  /** Of `expectedHashes`: the sum of the squares of the difficulties. */
  hashesVariance = 0
  /** Accepted before the dialogue told a difficulty. */
  acceptedBlind = 0
  /** Epoch ms of what is being read. */
  nowMs = 0
  private recent: RecentWork | null = null
  private readonly open: OpenRequest[] = []
  private early: { id: MessageId; isAccepted: boolean }[] | null = null

  get settled(): number {
    return this.accepted + this.rejected
  }

  /** A request that is no share: its reply must not count as one. */
  ask(id: MessageId): void {
    this.remember({ id: bounded(id), isShare: false, isBlock: false, hashes: null })
  }

  submit(id: MessageId, hashes: number | null, isBlock = false): void {
    this.submitted++
    const key = bounded(id)
    const { early } = this
    const overtaken = early === null ? -1 : early.findIndex((reply) => reply.id === key)
    if (early !== null && overtaken >= 0) {
      const [reply] = early.splice(overtaken, 1)
      this.settle(reply!.isAccepted, hashes)
    } else this.remember({ id: key, isShare: true, isBlock, hashes })
  }

  /** Settles the request this replies to. Gives false where none is known. */
  reply(id: MessageId, isAccepted: boolean | null): boolean {
    const key = bounded(id)
    const index = this.open.findIndex((request) => request.id === key)
    if (index < 0) return false
    const [request] = this.open.splice(index, 1)
    if (request!.isShare && isAccepted !== null) this.settle(isAccepted, request!.hashes)
    return true
  }

  /** Settles the request that was answered with neither a result nor an error. */
  replyNothing(id: MessageId): void {
    const key = bounded(id)
    const request = this.open.find((one) => one.id === key)
    this.reply(id, request?.isBlock === true ? true : null)
  }

  /** A share's reply whose request was not seen (yet). */
  replyEarly(id: MessageId, isAccepted: boolean): void {
    const early = (this.early ??= [])
    if (early.length >= MAX_EARLY) early.shift()
    early.push({ id: bounded(id), isAccepted })
  }

  settle(isAccepted: boolean, hashes: number | null): void {
    if (!isAccepted) this.rejected++
    else {
      this.accepted++
      if (hashes === null) this.acceptedBlind++
      else this.credit(hashes, 1)
    }
  }

  /** The difficulty has become known, and it is one that held before as well. */
  creditBlind(hashes: number): void {
    this.credit(hashes, this.acceptedBlind)
    this.acceptedBlind = 0
  }

  private credit(hashes: number, count: number): void {
    this.expectedHashes += count * hashes
    this.hashesVariance += count * hashes ** 2
    if (count > 0) (this.recent ??= new RecentWork()).add(this.nowMs, count, hashes)
  }

  /** Null before the first accepted share of a known difficulty. */
  recently(): RecentCount | null {
    return this.recent?.count(this.nowMs) ?? null
  }

  private remember(request: OpenRequest): void {
    if (this.open.length >= MAX_OPEN) this.open.shift()
    this.open.push(request)
  }
}

function bounded(id: MessageId): MessageId {
  return typeof id === 'string' && id.length > MAX_ID_LENGTH ? id.slice(0, MAX_ID_LENGTH) : id
}
