import type { Conversation } from '../conversations/conversation.ts'
import { documentOf } from '../conversations/document.ts'
import type { Groups } from '../conversations/groups.ts'
import { InOrder } from '../conversations/in-order.ts'
import { redacted } from '../conversations/redact.ts'
import type { CoinBook } from '../mining/earnings.ts'
import type { WireOptions } from './wire.ts'
import type { ConversationWriter } from './wire-output.ts'

/** Conversations held back so that they come out in the order of the input: all of them with --all, as far as memory allows. */
const MOST_WAITING = 65_536
const FEW_WAITING = 1_024

/** Where conversations go once they are over: out, or into groups for the table. */
export class Told {
  /** Conversations about mining, and suspects. */
  count = 0
  readonly #options: WireOptions
  readonly #coins: CoinBook
  readonly #writer: ConversationWriter | null
  readonly #groups: Groups
  readonly #span: { readonly since: number; readonly until: number }
  readonly #order: InOrder<Conversation> | null

  constructor(
    options: WireOptions,
    coins: CoinBook,
    writer: ConversationWriter | null,
    groups: Groups,
    span: { readonly since: number; readonly until: number },
  ) {
    this.#options = options
    this.#coins = coins
    this.#writer = writer
    this.#groups = groups
    this.#span = span
    const most = options.all === true ? MOST_WAITING : FEW_WAITING
    this.#order = writer === null ? null : new InOrder((conversation) => this.#write(conversation), most)
  }

  /** One of many that end in no order: `order` is its place in the input. */
  add(conversation: Conversation, order: number): void {
    const shown = this.#taken(conversation)
    if (shown === null) return
    if (this.#order === null) this.#groups.add(shown)
    else this.#order.add(shown, order)
  }

  /** The next one of an input that tells them in order. */
  next(conversation: Conversation): void {
    const shown = this.#taken(conversation)
    if (shown === null) return
    if (this.#writer === null) this.#groups.add(shown)
    else this.#write(shown)
  }

  #taken(conversation: Conversation): Conversation | null {
    const { since, until } = this.#span
    if (conversation.lastSeen < since || conversation.firstSeen > until) return null
    if (conversation.verdict !== 'none') this.count++
    return this.#options.redact === true ? redacted(conversation) : conversation
  }

  end(): void {
    this.#order?.end()
  }

  #write(conversation: Conversation): void {
    const showSecrets = this.#options.showSecrets === true
    this.#writer?.write(documentOf(conversation, { coins: this.#coins, showSecrets }))
  }
}
