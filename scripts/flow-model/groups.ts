/** Names that belong together (disjoint sets). */
export class Groups {
  readonly #parents: number[] = []
  readonly #numbers = new Map<string, number>()

  join(a: string, b: string): void {
    const [rootA, rootB] = [this.numberOf(a), this.numberOf(b)]
    this.#parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB)
  }

  /** The group of a name. It may change until everything is joined. */
  numberOf(name: string): number {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.#parents.length
      this.#numbers.set(name, number)
      this.#parents.push(number)
    }
    while (this.#parents[number] !== number) number = this.#parents[number] ?? 0
    return number
  }
}
