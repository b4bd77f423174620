import type { Exposure, SurfaceAsset } from '../../surface/document.ts'
import type { Unwritten } from '../change.ts'
import type { Effect, Scene } from '../control.ts'

/** What people call it: its name tag or host name, else its id. */
export function nameOf(scene: Scene, asset: string): string {
  return scene.assets.get(asset)?.names[0] ?? asset
}

export function withCheck(scene: Scene, ...checks: readonly string[]): Exposure[] {
  return scene.exposures.filter(({ check }) => checks.includes(check))
}

/** Takes `share` off these ways in. */
export function onExposures(
  exposures: readonly Exposure[],
  share: number,
  sinkKind: 'machine' | 'account' | null = null,
): Effect[] {
  return exposures.map(({ id }) => ({ on: 'exposure', exposure: id, sinkKind, share }))
}

/** Sinks of this kind that ways in lead to, and what may be taken off each. */
export function sinksOf(scene: Scene, kind: 'machine' | 'account'): string[] {
  const ids = scene.exposures.flatMap(({ sinks }) => sinks.map(({ id }) => id))
  return [...new Set(ids.filter((id) => id.startsWith(`${kind}:`)))].toSorted()
}

/** Machines that ways in lead to and that the surface knows. */
export function machinesAtRisk(scene: Scene): SurfaceAsset[] {
  return sinksOf(scene, 'machine')
    .map((sink) => scene.assets.get(sink.slice('machine:'.length)))
    .filter((asset) => asset !== undefined)
}

/** Accounts that ways in lead to, or that a finding is about. */
export function accountsAtRisk(scene: Scene): string[] {
  return sinksOf(scene, 'account').map((sink) => sink.slice('account:'.length))
}

/** Ids of strangers can be of any length. */
export function shortened(id: string): string {
  return id.length <= 80 ? id : `${id.slice(0, 79)}…`
}

/**
 * Why a machine has no commands; none where it has, and none where it is only planned and has no id yet.
 */
export function unwrittenFor(scene: Scene, id: string): { unwritten?: readonly Unwritten[] } {
  const asset = scene.assets.get(id)
  if (isInstance(id) || asset?.provider !== 'aws' || asset.state === 'planned') return {}
  const why = `no commands: "${shortened(id)}" is not the id of a machine as AWS gives them (i- and 8 or 17 of 0-9 a-f), so it is not put into a command`
  return { unwritten: [{ form: 'aws-cli', why }] }
}

/** A machine in AWS that is there, under whatever id. */
export function isNamed(scene: Scene, id: string): boolean {
  return isInstance(id) || unwrittenFor(scene, id).unwritten !== undefined
}

export function isInstance(id: string): boolean {
  return /^i-[0-9a-f]{8,17}$/u.test(id)
}
