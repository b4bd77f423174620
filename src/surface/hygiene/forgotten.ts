import { formatUsd } from '../../text/units.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, SurfaceAsset } from '../document.ts'
import type { WayIn } from '../exposure.ts'
import type { HostState } from '../host/host-state.ts'
import { nameOf } from '../losses.ts'
import type { MachineActivity } from './activity.ts'
import { hygieneOf } from './hygiene.ts'

const DAY_MS = 86_400_000
const HOURS_PER_MONTH = 730
/** AWS Config and Prowler ask about machines from so many days on. */
const LONG_RUNNING_DAYS = 180
const OLD_IMAGE_DAYS = 365
/** Nobody was there for so long, in what was looked at. */
const QUIET_DAYS = 30
/** A machine that hardly works. */
const IDLE_SHARE = 0.05
/** So many signs together say that somebody forgot it. */
const ENOUGH_SIGNS = 2

/**
 * A machine that runs on though nobody needs it: on for long, from an old image, without logins, without traffic, idle.
 * What was not looked at is no sign either way, and is said.
 */
export function forgottenMachine(
  asset: SurfaceAsset,
  ways: readonly WayIn[],
  host: HostState | null,
  activity: MachineActivity | null,
  context: SurfaceContext,
): Exposure[] {
  if (asset.launchTime === null || (asset.state !== 'running' && asset.state !== null)) return []
  const { now } = context
  const days = (time: number): number => Math.floor((now - time) / DAY_MS)
  const age = days(Date.parse(asset.launchTime))
  if (age < LONG_RUNNING_DAYS) return []
  const signs = [`it has run for ${age} days`]
  const against: string[] = []
  const unknown: string[] = []
  const imageAge = asset.imageTime === null ? null : days(Date.parse(asset.imageTime))
  if (imageAge !== null && imageAge > OLD_IMAGE_DAYS) signs.push(`its image is ${imageAge} days old`)
  const lastLogin = latest(activity?.lastLogin ?? null, host?.lastLogin ?? null)
  if (lastLogin !== null)
    (days(lastLogin) > QUIET_DAYS ? signs : against).push(`the last login was ${days(lastLogin)} days ago`)
  else if (activity?.logins !== null && activity?.logins !== undefined)
    signs.push('nobody logged in while its logs were kept')
  else unknown.push('logins')
  if (activity?.traffic !== null && activity?.traffic !== undefined) {
    if (activity.lastServed === null) signs.push('nobody connected to it in the traffic that was read')
    else if (days(activity.lastServed) > QUIET_DAYS)
      signs.push(`nobody connected to it for ${days(activity.lastServed)} days`)
    else against.push('it is being used: connections to it were let through')
  } else unknown.push('traffic')
  if (activity !== null && activity.busyCount > 0) {
    const share = activity.busySum / activity.busyCount
    if (share < IDLE_SHARE) signs.push(`its processors are idle (${(share * 100).toFixed(1)} % busy)`)
    else against.push(`its processors are ${Math.round(share * 100)} % busy`)
  } else unknown.push('how busy it is')
  if (signs.length < ENOUGH_SIGNS || against.length > 0) return []
  const month = asset.price === null ? null : asset.price.usdPerHour * HOURS_PER_MONTH
  const saves = month === null ? '' : ` Stopping it saves about ${formatUsd(month)} a month.`
  return [
    hygieneOf('forgotten-machine', asset, asset.evidence, context, {
      title: `${nameOf(asset)} looks forgotten: on for ${age} days${month === null ? '' : `, ${formatUsd(month)} a month`}`,
      explanation: `Machines that nobody looks after get no updates, and nobody notices who else uses them: they are what gangs of miners live on.${saves}`,
      fix: 'Ask whose it is. If nobody knows, make a snapshot and stop it; delete it after a month in which nobody missed it.',
      why: [...signs, ...(unknown.length === 0 ? [] : [`not looked at: ${unknown.join(', ')}`])],
      severity: ways.length > 0 ? 'medium' : 'low',
    }),
  ]
}

export function oldImage(asset: SurfaceAsset, ways: readonly WayIn[], context: SurfaceContext): Exposure[] {
  if (asset.imageTime === null || asset.state === 'terminated') return []
  const age = Math.floor((context.now - Date.parse(asset.imageTime)) / DAY_MS)
  if (age <= OLD_IMAGE_DAYS) return []
  return [
    hygieneOf('image-old', asset, asset.evidence, context, {
      title: `${nameOf(asset)} was made from an image that is ${age} days old`,
      explanation:
        'An image is a machine’s first disk. Everything on an old one is as old, unless somebody updates it: known holes stay open.',
      fix: 'Update it and restart it, or make it anew from a current image. Switch automatic security updates on.',
      why: [`the image was made ${age} days ago`, 'whether it was updated since is not known'],
      severity: ways.length > 0 ? 'medium' : 'low',
    }),
  ]
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}
