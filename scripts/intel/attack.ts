interface AttackList {
  readonly techniques: Record<string, { name: string; tactics: string[]; revoked: boolean }>
  readonly v18_to_v19: Record<string, string>
}

/** Renumbered in v19 too, though the published map leaves it out: by its name. */
const ALSO_RENUMBERED: readonly [v18: string, v19: string][] = [['T1562.003', 'T1690']]

export function attackTable(text: string): Record<string, unknown> {
  const list: AttackList = JSON.parse(text)
  const current = Object.entries(list.techniques).filter(([, technique]) => !technique.revoked)
  const tactics = [...new Set(current.flatMap(([, technique]) => technique.tactics))].toSorted()
  const renumbered = [...Object.entries(list.v18_to_v19), ...ALSO_RENUMBERED]
  return {
    sources: [
      {
        source: 'MITRE ATT&CK v19 by way of MISP/misp-galaxy clusters/mitre-attack-pattern.json',
        licence: 'CC0-1.0',
        date: '2026-05-01',
        how: 'id, name and tactics of every technique in force; where several v18 techniques became one, the one of the same name, else the first',
      },
    ],
    tactics,
    techniques: current
      .map(([id, { name, tactics: of }]) => [
        id,
        name,
        of.map((tactic) => tactics.indexOf(tactic)),
        olderId(id, name, renumbered, list),
      ])
      .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
  }
}

function olderId(
  id: string,
  name: string,
  renumbered: readonly (readonly [string, string])[],
  list: AttackList,
): string | null {
  const older = renumbered.filter(([, v19]) => v19 === id).map(([v18]) => v18)
  return older.find((v18) => list.techniques[v18]?.name === name) ?? older[0] ?? null
}
