import { isMinerAgent } from './algorithm.ts'
import * as bitcoin from './bitcoin.ts'
import * as browser from './browser.ts'
import * as cryptonote from './cryptonote.ts'
import * as ethereum from './ethereum.ts'
import * as grin from './grin.ts'
import type { JobKey } from './jobs.ts'
import { Ledger } from './ledger.ts'
import type { Message } from './message.ts'
import * as nodeWork from './node-work.ts'
import { isFromMiner, isGreeting, isShareRole, methodAt, type Role } from './methods.ts'

const OBJECT = 0x7b
const ARRAY = 0x5b

/** Takes the messages of one dialogue in order, whoever says them, and keeps the ledger. */
export class Conversation {
  readonly ledger = new Ledger()
  /** Messages that no miner and no pool would send. */
  foreign = 0
  /** Some of what the miner said was lost. */
  hasMinerGap = false

  /** Gives true where the message tells something of mining. `isFirstKnown`: its direction was seen from its start. */
  take(message: Message, isFirstKnown: boolean): boolean {
    if (message.method >= 0) return this.takeMethod(message, isFirstKnown)
    const kind = message.type < 0 ? null : browser.kindOf(message.stringAt(message.type))
    if (kind !== null) return this.takeBrowser(message, kind)
    if (message.isReply()) return this.takeReply(message)
    if (nodeWork.readStartMining(this.ledger, message)) return true
    if (message.id < 0) this.foreign++
    return false
  }

  private takeMethod(message: Message, isFirstKnown: boolean): boolean {
    const method = methodAt(message.data, message.method, message.to)
    if (method?.role === 'neutral') return false
    const isTold = method !== null && this.takeRole(message, method.name, method.role)
    if (!isTold) {
      this.foreign++
      if (message.id >= 0) this.ledger.shares.ask(message.messageId())
      return false
    }
    const { role } = method
    const isMiner = isFromMiner(role)
    this.ledger.vote(message.fromInitiator, isMiner)
    if (isMiner) this.ledger.startsWithGreeting ??= isFirstKnown && isGreeting(role)
    if (isAnswered(role)) this.ledger.shares.ask(message.messageId())
    return true
  }

  private takeRole(message: Message, method: string, role: Role): boolean {
    const { ledger } = this
    if (isShareRole(role)) return this.takeShare(message, method, role)
    switch (role) {
      case 'login':
        return cryptonote.readLoginRequest(ledger, message)
      case 'keepalive':
        return cryptonote.readKeepalive(ledger)
      case 'job':
        return (
          cryptonote.readJob(ledger, message, message.params) || grin.readJob(ledger, message, message.params)
        )
      case 'subscribe':
        return bitcoin.readSubscribe(ledger, message)
      case 'authorize':
        return bitcoin.readAuthorize(ledger, message)
      case 'notify':
        return bitcoin.readNotify(ledger, message)
      case 'difficulty':
        return bitcoin.readDifficulty(ledger, message)
      case 'target':
        return bitcoin.readTarget(ledger, message)
      case 'set':
        return bitcoin.readSet(ledger, message)
      case 'template':
        return nodeWork.readTemplateRequest(ledger, message, method)
      case 'work':
        return nodeWork.readWorkRequest(ledger, message)
      case 'eth-login':
        return ethereum.readLoginRequest(ledger, message, method)
      case 'eth-work':
        return ethereum.readWorkRequest(ledger, method)
      case 'eth-hashrate':
        return ethereum.readHashrate(ledger, method)
      default:
        ledger.tell(method, 0.75)
        return true
    }
  }

  private takeShare(message: Message, method: string, role: Role): boolean {
    const { ledger } = this
    let job: JobKey | null = null
    if (role === 'submit')
      job = cryptonote.readShare(ledger, message, message.params) ?? grin.readShare(ledger, message)
    else if (role === 'mining-submit') job = bitcoin.readShare(ledger, message)
    else if (role === 'eth-submit') job = ethereum.readShare(ledger, message, method)
    else job = nodeWork.readBlock(ledger, message, method)
    if (job === null) return false
    ledger.shares.submit(message.messageId(), ledger.jobs.hashesOf(job), role === 'block')
    return true
  }

  private takeBrowser(message: Message, kind: browser.Kind): boolean {
    if (!browser.read(this.ledger, message, kind)) {
      this.foreign++
      return false
    }
    this.ledger.vote(message.fromInitiator, browser.isFromMiner(kind))
    return true
  }

  private takeReply(message: Message): boolean {
    const { ledger } = this
    const { shares } = ledger
    const id = message.messageId()
    if (this.isTellingReply(message)) {
      shares.reply(id, null)
      ledger.vote(message.fromInitiator, false)
      return true
    }
    if (message.fromInitiator === ledger.minerIsInitiator) return this.takeVersion(message)
    const outcome = message.outcome()
    const isAccepted = outcome === 'other' ? null : outcome === 'accepted'
    const settled = shares.settled
    if (message.result >= 0 && message.isNullAt(message.result) && outcome === 'other')
      shares.replyNothing(id)
    else if (!shares.reply(id, isAccepted) && isAccepted !== null) this.takeStray(message, isAccepted)
    return shares.settled > settled
  }

  private isTellingReply(message: Message): boolean {
    const { ledger } = this
    const first = message.result < 0 ? 0 : message.data[message.result]
    if (first === OBJECT) {
      if (cryptonote.readReply(ledger, message)) return true
      if (ledger.dialect === 'cryptonote' && !ledger.isNode) return false
      return grin.readJob(ledger, message, message.result) || nodeWork.readReply(ledger, message)
    }
    if (first !== ARRAY) return false
    return ethereum.readWork(ledger, message) || bitcoin.readSubscribeReply(ledger, message)
  }

  /** A miner replies to nothing but `client.get_version`. */
  private takeVersion(message: Message): boolean {
    const version = message.stringAt(message.result)
    if (version === null || !isMinerAgent(version)) return false
    this.ledger.setAgent(version)
    return true
  }

  /** A share's reply whose request was not seen: it counts where requests may be missing. */
  private takeStray(message: Message, isAccepted: boolean): void {
    const { ledger } = this
    const isWhole = ledger.startsWithGreeting === true && !this.hasMinerGap
    if (isWhole) ledger.shares.replyEarly(message.messageId(), isAccepted)
    else if (isAccepted && this.isShareReply(message)) ledger.shares.settle(true, ledger.jobs.hashesPerShare)
  }

  /** `{"status":"OK"}` is a share's own; a bare `true` is one only once jobs are out. */
  private isShareReply(message: Message): boolean {
    if (!message.isLiteralAt(message.result, 'true')) return true
    return this.ledger.jobs.count > 0 && this.ledger.dialect !== 'cryptonote'
  }
}

/** Whether a reply to it could be taken for a share's. */
function isAnswered(role: Role): boolean {
  return isFromMiner(role) && !isShareRole(role) && role !== 'eth-work' && role !== 'work'
}
