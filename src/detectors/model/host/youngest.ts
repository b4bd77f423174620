/** The `count` of them with the latest times (epoch ms); of those of one moment, the first ones. Makes no pair of each. */
export function youngest<T extends { readonly time: number }>(
  all: Readonly<Record<string, T>>,
  count: number,
): Record<string, T> {
  const keys = Object.keys(all)
  const times = Float64Array.from(keys, (key) => all[key]?.time ?? 0).toSorted()
  const first = times.length - count
  const cut = times[first] ?? Number.NEGATIVE_INFINITY
  let leftAtCut = 0
  for (let at = Math.max(0, first); times[at] === cut; at++) leftAtCut++
  const kept: Record<string, T> = {}
  for (const key of keys) {
    const one = all[key]
    if (one === undefined || one.time < cut) continue
    if (one.time === cut && leftAtCut-- <= 0) continue
    kept[key] = one
  }
  return kept
}
