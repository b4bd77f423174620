import { DavylampError } from '../errors.ts'
import type { Event } from '../event/event.ts'
import type { ResourceEvent } from '../event/resource.ts'
import type { KnownIncident } from '../surface/context.ts'
import { Activity } from '../surface/hygiene/activity.ts'
import { MAX_BLOCKED, type SurfaceInput } from '../surface/build-surface.ts'
import { buildNetwork } from '../surface/network/build.ts'
import { parseCidr } from '../surface/network/cidr.ts'
import { Reachability } from '../surface/network/reachability.ts'
import type { CaseKeeper } from './keep-case.ts'

/** What reading the evidence gives the surface: what there is, and what was done there. */
export class SurfaceReading {
  readonly #resources: ResourceEvent[] = []
  readonly #activity = new Activity()
  readonly #from: string | null

  /** Throws `usage` where `from` is no network. */
  constructor(from: string | null) {
    if (from !== null && parseCidr(from) === null)
      throw new DavylampError('usage', `--from ${from}: not a network`, {
        hint: 'as in --from 198.51.100.0/24, --from 2001:db8::/32',
      })
    this.#from = from
  }

  add(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'resource') this.#resources.push(event)
      else this.#activity.add(event)
    }
  }

  conclude(): Pick<
    SurfaceInput,
    'resources' | 'network' | 'networkCoverage' | 'verdicts' | 'isInternet' | 'activity'
  > {
    const { network, coverage } = buildNetwork(this.#resources)
    return {
      resources: this.#resources,
      network,
      networkCoverage: coverage,
      verdicts: new Reachability(network).each({
        from: this.#from ?? 'internet',
        mostBlocked: MAX_BLOCKED,
      }),
      isInternet: this.#from === null,
      activity: this.#activity,
    }
  }
}

/** Incidents of the case, as far as they say something of ways in. */
export async function knownIncidents(keeper: CaseKeeper): Promise<KnownIncident[]> {
  const incidents = await keeper.incidents()
  return incidents.map(({ id, asset, wayIn }) => ({
    id,
    names: [asset.id, ...asset.names],
    wayIn: wayIn?.kind ?? null,
  }))
}
