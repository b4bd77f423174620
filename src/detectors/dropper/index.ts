import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { isOfService, isSystemAccount, type Keeper, keeperOf } from '../model/host/maintenance.ts'
import {
  baseName,
  hiddenPart,
  isFileless,
  isHidingPlace,
  isMemoryPlace,
  isWorldWritable,
} from '../model/host/places.ts'
import { fetchOf, isOwnNetwork } from '../model/host/remote.ts'
import { commandsOf } from '../model/host/shell.ts'
import { type Drop, dropsOf, isFetchedFile, rememberDrop, runsFetched, unpacksIntoShell } from './drops.ts'
import { isForeign, judgeStart, type Place } from './judge.ts'
import { type NetworkShell, networkShell } from './network-shell.ts'

interface Memory {
  /** Files fetched or made executable in hiding places, newest last. */
  drops: Drop[]
  /** Who fetched to standard output or decoded base64 lately, by parent process: `curl … | sh` as separate starts. */
  feeds: {
    ppid: number
    time: number
    remote: string | null
    isDecoding: boolean
    isTelling: boolean
    isPlain: boolean
  }[]
}

const PIPE_MS = 5000
const MAX_FEEDS = 64

/**
 * Something is fetched and started, or started from where nothing should run. What an administrator's
 * installer does as well (`curl https://… | sh`) is context; bare addresses, hidden or memory places,
 * fileless programs and decoded scripts are a foothold.
 */
export const dropper = defineHostDetector<Memory>({
  id: 'dropper',
  title: 'Programs fetched and started from hiding places',
  attack: ['T1105', 'T1059.004', 'T1140', 'T1564.001', 'T1620', 'T1222.002'],
  kinds: ['process', 'file'],
  remember: () => ({ drops: [], feeds: [] }),
  look,
  mergeMemory(into, from) {
    into.drops = [...into.drops, ...from.drops].toSorted((a, b) => a.time - b.time).slice(-256)
    into.feeds = [...into.feeds, ...from.feeds].toSorted((a, b) => a.time - b.time).slice(-MAX_FEEDS)
  },
})

type See = (sighting: Sighting) => void

function look(state: HostState & Memory, event: Event, see: See): void {
  if (event.kind === 'file') lookAtFile(state, event)
  if (event.kind !== 'process' || event.action !== 'exec' || !event.isSuccess) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages') return
  lookAtCommands(state, event, keeper, see)
  lookAtStart(state, event, keeper, see)
}

/** A downloader's own writes name the file even where its command line does not. */
function lookAtFile(state: HostState & Memory, event: FileEvent): void {
  if (!event.isSuccess || !isFetchedFile(event)) return
  const known = state.drops.findLast((drop) => drop.pid === event.actor.pid)
  rememberDrop(state.drops, {
    path: event.path,
    time: event.time,
    remote: known?.remote ?? null,
    host: known?.host ?? null,
    isAddress: known?.isAddress ?? false,
    isPlain: known?.isPlain ?? false,
    pid: event.actor.pid,
    session: event.actor.session,
  })
}

function lookAtCommands(
  state: HostState & Memory,
  event: ProcessEvent,
  keeper: Keeper | null,
  see: See,
): void {
  const commands = commandsOf(event)
  for (const drop of dropsOf(commands, event)) {
    rememberDrop(state.drops, drop)
    if (keeper === null || (keeper === 'containers' && isForeign(drop))) seeDrop(drop, see)
  }
  const run = runsFetched(commands, event.commandLine)
  if (run !== null) {
    const isTelling =
      isStrangers(keeper) &&
      !isOwnNetwork(run.host) &&
      (run.isTelling || (keeper === null && isServices(state, event, run.isPlain)))
    see({
      what: 'fetch-and-run',
      title: `A script from ${run.host} was fetched and started at once`,
      severity: isTelling ? 'high' : 'low',
      confidence: isTelling ? 0.85 : 0.3,
      stage: isTelling ? 'foothold' : 'context',
      attack: ['T1105', 'T1059.004'],
      path: null,
      remote: run.url,
      fold: run.host,
    })
  }
  const shell = networkShell(commands, event.commandLine)
  if (shell !== null) seeShell(shell, keeper, see)
  if (unpacksIntoShell(commands, event.commandLine) && keeper === null) seeDecoded(see)
  lookAtPipes(state, event, keeper, see)
}

/** No network service fetches and runs anything by its own; an account of the system may be a build's. */
function isServices(state: HostState, event: ProcessEvent, isPlain: boolean): boolean {
  return isOfService(state.lineage, event.actor, event.time) || (isPlain && isSystemAccount(event.actor))
}

function seeDrop(drop: Drop, see: See): void {
  const isHidden = hiddenPart(drop.path) !== null || isMemoryPlace(drop.path)
  if (!isHidingPlace(drop.path)) return
  const isForeign = drop.isAddress && drop.host !== null && !isOwnNetwork(drop.host)
  const isTelling = isForeign && (isHidden || isWorldWritable(drop.path))
  see({
    what: 'fetch-to-hiding-place',
    title: `${drop.path} was fetched${drop.host === null ? '' : ` from ${drop.host}`}`,
    severity: isTelling ? 'medium' : 'low',
    confidence: isTelling ? 0.7 : 0.35,
    stage: isTelling ? 'foothold' : 'context',
    attack: isHidden ? ['T1105', 'T1564.001'] : ['T1105'],
    path: drop.path,
    remote: drop.remote,
  })
}

function seeShell({ host, remote }: NetworkShell, keeper: Keeper | null, see: See): void {
  const isTelling = isStrangers(keeper) && !isOwnNetwork(host)
  see({
    what: 'network-shell',
    title: `A shell was connected to ${remote}`,
    severity: isTelling ? 'high' : 'low',
    confidence: isTelling ? 0.85 : 0.3,
    stage: isTelling ? 'foothold' : 'context',
    attack: ['T1059.004'],
    path: null,
    remote,
  })
}

/** Nobody who keeps the machine in order. What comes with a container may be anybody's. */
function isStrangers(keeper: Keeper | null): boolean {
  return keeper === null || keeper === 'containers'
}

function seeDecoded(see: See): void {
  see({
    what: 'decode-and-run',
    title: 'A script packed in base64 was unpacked and started at once',
    severity: 'high',
    confidence: 0.75,
    stage: 'foothold',
    attack: ['T1140', 'T1059.004'],
    path: null,
    remote: null,
  })
}

/** Typed at a prompt, the two ends of a pipe start separately, from one parent, within moments. */
function lookAtPipes(state: HostState & Memory, event: ProcessEvent, keeper: Keeper | null, see: See): void {
  const { ppid } = event.actor
  if (ppid === null) return
  const feed = feedOf(event)
  if (feed !== null) {
    state.feeds.push({ ppid, time: event.time, ...feed })
    if (state.feeds.length > MAX_FEEDS) state.feeds.shift()
    return
  }
  if (!readsScriptFromInput(event)) return
  const fed = state.feeds.findLast(
    (feed) => feed.ppid === ppid && Math.abs(event.time - feed.time) <= PIPE_MS,
  )
  if (fed === undefined) return
  if (fed.isDecoding) {
    if (keeper === null) seeDecoded(see)
    return
  }
  const isTelling =
    isStrangers(keeper) && (fed.isTelling || (keeper === null && isServices(state, event, fed.isPlain)))
  see({
    what: 'fetch-and-run',
    title: `A script from ${fed.remote ?? 'the network'} was fetched and piped into a shell`,
    severity: isTelling ? 'high' : 'low',
    confidence: isTelling ? 0.8 : 0.3,
    stage: isTelling ? 'foothold' : 'context',
    attack: ['T1105', 'T1059.004'],
    path: null,
    remote: fed.remote,
  })
}

function feedOf(event: ProcessEvent): Omit<Memory['feeds'][number], 'ppid' | 'time'> | null {
  const commands = commandsOf(event)
  const [first] = commands
  if (commands.length !== 1 || first === undefined) return null
  if (first.program === 'base64' && first.words.some((word) => /^(?:-d|-D|--decode)$/u.test(word))) {
    return { remote: null, isDecoding: true, isTelling: true, isPlain: false }
  }
  if (fetchOf(first) === null) return null
  const run = runsFetched([first, { ...first, program: 'sh', words: ['sh'], outputs: [], isFed: true }], '')
  return run === null
    ? null
    : {
        remote: run.url,
        isDecoding: false,
        isTelling: run.isTelling && !isOwnNetwork(run.host),
        isPlain: run.isPlain && !isOwnNetwork(run.host),
      }
}

function readsScriptFromInput(event: ProcessEvent): boolean {
  const [program = '', ...rest] = event.args
  if (
    !/^-?(?:sh|bash|dash|zsh|ksh|ash|python[\d.]*|perl)$/u.test(baseName(program)) ||
    program.startsWith('-')
  )
    return false
  return rest.every((word) => word === '-' || word === '-s' || word === '-x' || word === '--')
}

function lookAtStart(state: HostState & Memory, event: ProcessEvent, keeper: Keeper | null, see: See): void {
  for (const place of placesOf(event)) {
    const drop = state.drops.findLast((drop) => drop.path === place.path) ?? null
    const isByService = isOfService(state.lineage, event.actor, event.time)
    const sighting = judgeStart(place, { drop, keeper, event, isByService })
    if (sighting !== null) see(sighting)
  }
}

/** What the start runs: the program, and the script an interpreter was given. */
function placesOf(event: ProcessEvent): Place[] {
  const { exe } = event.actor
  const named = event.paths[0] ?? exe ?? event.args[0] ?? ''
  // What was opened as `/proc/self/fd/3` the kernel knows by its real name.
  const program = exe !== null && (isFileless(exe) || isFileless(named)) ? exe : named
  const places: Place[] = [{ path: program, isScript: false }]
  for (const command of commandsOf(event)) {
    const script = command.words.find((word, index) => index > 0 && !word.startsWith('-'))
    const isInterpreted = /^(?:sh|bash|dash|zsh|ksh|ash|python[\d.]*|perl|php|ruby|node|source|\.)$/u.test(
      command.program,
    )
    if (isInterpreted && script !== undefined && !command.words.includes('-c')) {
      places.push({ path: joined(event.cwd, script), isScript: true })
    }
    const first = command.words[0] ?? ''
    if (first.includes('/') && joined(event.cwd, first) !== program)
      places.push({ path: joined(event.cwd, first), isScript: false })
  }
  return places.filter(
    (place, index) => place.path !== '' && places.findIndex((other) => other.path === place.path) === index,
  )
}

function joined(cwd: string | null, path: string): string {
  if (path.startsWith('/') || cwd === null) return path
  return `${cwd}/${path.replace(/^\.\//u, '')}`
}
