import type { Proof } from '../../story/document.ts'
import type { Clock } from '../clock.ts'
import { type FileNames, proofKey, proofName } from '../proof-name.ts'
import { type Markup, markup } from './markup.ts'

/**
 * Every proof of the page once: shown in full where it is first placed, linked to from everywhere else.
 * Whoever links (`link`) makes sure it is placed in the end: what nobody placed is left for `unplaced`.
 */
export class ProofShelf {
  private readonly numbers = new Map<string, number>()
  private readonly placed = new Set<string>()
  private readonly waiting = new Map<string, Proof>()
  private readonly files: FileNames
  private readonly clock: Clock

  constructor(files: FileNames, clock: Clock) {
    this.files = files
    this.clock = clock
  }

  private idOf(proof: Proof): string {
    const key = proofKey(proof)
    const number = this.numbers.get(key) ?? this.numbers.size + 1
    this.numbers.set(key, number)
    return `proof-${number}`
  }

  /** The raw line with the place it stands at; only a link where it was shown before. */
  show(proof: Proof): Markup {
    const key = proofKey(proof)
    const id = this.idOf(proof)
    if (this.placed.has(key)) return markup`<p class="proof-again">${this.link(proof)}</p>`
    this.placed.add(key)
    this.waiting.delete(key)
    return markup`<figure class="proof" id="${id}" tabindex="-1"><figcaption><span class="place">${proofName(proof, this.files)}</span> <time datetime="${proof.time}">${this.clock.second(proof.time)}</time></figcaption><pre><code>${proof.raw}</code></pre></figure>`
  }

  /** The first few in full, the others behind a fold. */
  showSome(proofs: readonly Proof[], open: number): Markup {
    const distinct = [...new Map(proofs.map((proof) => [proofKey(proof), proof])).values()]
    const first = distinct.slice(0, open).map((proof) => this.show(proof))
    const rest = distinct.slice(open).map((proof) => this.show(proof))
    if (rest.length === 0) return markup`${first}`
    return markup`${first}<details class="more"><summary>${rest.length} more</summary>${rest}</details>`
  }

  link(proof: Proof): Markup {
    const key = proofKey(proof)
    if (!this.placed.has(key)) this.waiting.set(key, proof)
    return markup`<a class="place" href="#${this.idOf(proof)}">${proofName(proof, this.files)}</a>`
  }

  links(proofs: readonly Proof[], limit: number): Markup {
    const distinct = [...new Map(proofs.map((proof) => [proofKey(proof), proof])).values()]
    const shown = distinct.slice(0, limit).map((proof) => markup` ${this.link(proof)}`)
    const left = distinct.length - limit
    return left > 0 ? markup`${shown} <span class="muted">+${left}</span>` : markup`${shown}`
  }

  /** What has been linked to but not shown yet; asked for at the end of an incident. */
  unplaced(): Proof[] {
    return [...this.waiting.values()]
  }
}
