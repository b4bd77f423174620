import { formatDuration } from '../text/units.ts'

/** What kinds of looking at a machine there are. One machine may have been looked at in several ways. */
export const SIGHTS = [
  'capture',
  'capture-aside',
  'flows',
  'names',
  'starts',
  'changes',
  'typed',
  'look',
  'look-outside',
  'disk',
  'login',
  'load',
] as const
export type Sight = (typeof SIGHTS)[number]

/** What was seen of one machine. */
export interface Sighting {
  readonly sights: ReadonlySet<Sight>
  /** How long the captures run that were taken where its traffic passes, ms. */
  readonly capturedMs: number
  /** Programs (not threads of the kernel) that ran when it was looked at, and those of them that could not be looked into. */
  readonly ran: number
  readonly unseen: number
}

/**
 * A pool sends a new job with every block: Monero has one in two minutes, on average. A shorter capture of a connection
 * that was open before it may hold nothing at all.
 */
export const LEAST_CAPTURE_MS = 120_000
/** Some programs are protected from everybody. Of more than these nobody can say what they are. */
export const MOST_UNSEEN_SHARE = 0.1

/**
 * The rule that `clean` stands on: each line is a way of looking that would have shown mining, alone or together, and what
 * it is called. Everything else can show that somebody mines (a list names the address, the load is flat), and cannot show
 * that nobody does.
 */
export const WOULD_SHOW: readonly { readonly all: readonly Sight[]; readonly words: string }[] = [
  { all: ['capture'], words: 'its traffic' },
  { all: ['flows', 'names'], words: 'its connections and the names that it looked up' },
  { all: ['starts'], words: 'its audit trail' },
  { all: ['look'], words: 'what was there when it was looked at' },
]

/** What each of the others lacks. */
const FALLS_SHORT: Readonly<Record<Sight, (seen: Sighting) => string>> = {
  capture: ({ capturedMs }) =>
    `only ${formatDuration(capturedMs / 1000)} of its traffic, which may pass between two words of a miner`,
  'capture-aside': () => 'its traffic with one other machine, and none of the rest',
  flows: () => 'flow logs, which tell who talked to whom and not about what',
  names: () => 'the names that it looked up, and not what it connected to',
  starts: () => 'its audit trail',
  changes: () => 'an audit trail that does not tell what was started',
  typed: () => 'what was typed into shells',
  look: () => 'what was there when it was looked at',
  'look-outside': ({ ran, unseen }) =>
    isFew(ran, unseen)
      ? 'a look from outside, from which the programs of other users are hidden'
      : `a look from outside: ${unseen.toLocaleString('en-US')} of ${ran.toLocaleString('en-US')} programs that ran could not be looked into`,
  disk: () => 'its disk, on which nothing runs',
  login: () => 'its logins',
  load: () => 'its load, not what makes it',
}

/** What would have to be there for a verdict, by what is: the most telling first. */
const MORE: readonly {
  readonly if: (sights: ReadonlySet<Sight>) => boolean
  readonly text: string
  readonly command: string
}[] = [
  {
    if: (sights) => sights.has('look-outside'),
    text: 'look into everything that runs there, as root',
    command: 'sudo davylamp investigate --this-host',
  },
  {
    if: (sights) => !sights.has('look-outside') && !sights.has('look'),
    text: 'look at what runs there',
    command: 'sudo davylamp collect --out FILE.tar.zst',
  },
  {
    if: () => true,
    text: 'add a capture of its traffic, taken on it, of ten minutes',
    command: 'sudo timeout 600 tcpdump -i any -w FILE.pcap',
  },
]

export interface SightJudgement {
  /** Whether somebody who mines there would have been seen. */
  readonly showsMining: boolean
  /** What would have shown it, in words. */
  readonly by: readonly string[]
  /** Everything that would not, with what it lacks. */
  readonly short: readonly { readonly sight: Sight; readonly words: string }[]
  readonly toJudge: readonly { readonly text: string; readonly command: string }[]
}

export function judgeSight(seen: Sighting): SightJudgement {
  const sights = refined(seen)
  const met = WOULD_SHOW.filter(({ all }) => all.every((sight) => sights.has(sight) && isEnough(sight, seen)))
  const used = new Set(met.flatMap(({ all }) => all))
  const short = SIGHTS.filter((sight) => sights.has(sight) && !used.has(sight)).map((sight) => ({
    sight,
    words: FALLS_SHORT[sight](seen),
  }))
  return {
    showsMining: met.length > 0,
    by: met.map(({ words }) => words),
    short,
    toJudge:
      met.length > 0
        ? []
        : MORE.filter((more) => more.if(sights)).map(({ text, command }) => ({ text, command })),
  }
}

/** A look that could not look into programs is another thing than one that could. */
function refined({ sights, ran, unseen }: Sighting): ReadonlySet<Sight> {
  const known = new Set(sights)
  if (!known.has('look')) return known
  if (ran > 0 && isFew(ran, unseen) && !known.has('look-outside')) return known
  known.delete('look')
  known.add(ran === 0 ? 'disk' : 'look-outside')
  return known
}

function isFew(ran: number, unseen: number): boolean {
  return unseen <= ran * MOST_UNSEEN_SHARE
}

function isEnough(sight: Sight, { capturedMs }: Sighting): boolean {
  return sight !== 'capture' || capturedMs >= LEAST_CAPTURE_MS
}
