/** Union-find over strings with a reason on every join. The root of a set is its smallest member, so order never shows. */
export class Union {
  private readonly parent = new Map<string, string>()
  private readonly reasons = new Map<string, Set<string>>()

  find(item: string): string {
    let root = item
    for (let up = this.parent.get(root); up !== undefined && up !== root; up = this.parent.get(root))
      root = up
    for (let at = item; at !== root;) {
      const up = this.parent.get(at) ?? root
      this.parent.set(at, root)
      at = up
    }
    return root
  }

  join(a: string, b: string, reason: string): void {
    const rootA = this.find(a)
    const rootB = this.find(b)
    const [root, child] = rootA < rootB ? [rootA, rootB] : [rootB, rootA]
    const reasons = this.reasons.get(root) ?? new Set()
    if (root !== child) {
      this.parent.set(child, root)
      for (const known of this.reasons.get(child) ?? []) reasons.add(known)
      this.reasons.delete(child)
    }
    reasons.add(reason)
    this.reasons.set(root, reasons)
  }

  reasonsOf(item: string): readonly string[] {
    return [...(this.reasons.get(this.find(item)) ?? [])].toSorted()
  }
}
