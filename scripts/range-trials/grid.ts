export const TRIED_PACKS = ['first', 'second', 'third'] as const
export type TriedPack = (typeof TRIED_PACKS)[number]

/** One line of the table: which gangs, how able, and which evidence nobody kept. */
export interface Cell {
  readonly pack: TriedPack
  /** Null: mixed. */
  readonly skill: 'low' | 'medium' | 'high' | null
  readonly without: readonly string[]
  readonly wear: 'none' | 'some' | 'heavy'
  /** What is left, in words. */
  readonly name: string
}

const HOST_LOGS = ['auditd', 'sshd', 'journald', 'shell-history', 'access-log']
const REMOVALS: readonly { without: readonly string[]; name: string }[] = [
  { without: [], name: 'everything' },
  { without: ['capture'], name: 'no capture' },
  { without: ['auditd'], name: 'no audit trail' },
  { without: ['sshd', 'journald'], name: 'no login logs' },
  { without: ['capture', 'auditd'], name: 'no capture, no audit trail' },
  { without: HOST_LOGS, name: 'no logs of the hosts' },
]

function cell(pack: Cell['pack'], rest: Partial<Omit<Cell, 'pack'>>): Cell {
  return { pack, skill: null, without: [], wear: 'none', name: 'everything', ...rest }
}

export const CELLS: readonly Cell[] = TRIED_PACKS.flatMap((pack) => [
  ...REMOVALS.map((removal) => cell(pack, removal)),
  cell(pack, { wear: 'some', name: 'everything, logs worn' }),
  ...(['low', 'medium', 'high'] as const).map((skill) => cell(pack, { skill })),
])
