import type { Control } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { isInstance, isNamed, machinesAtRisk, nameOf, unwrittenFor } from './scene.ts'

/** A hijacked T machine that cannot run up a bill. */
export const standardCredits: Control = {
  id: 'standard-credits',
  title: 'T machines in credit mode "standard"',
  what: 'Small AWS machines of the T family are cheap because they are meant to idle. By default they may run at full power all day, and AWS adds that to the bill: a t3.micro at full load costs almost ten times its price. In mode "standard" it becomes slow instead of dear.',
  layer: 'burst',
  share: 0.5,
  shareBasis: {
    kind: 'measured',
    why: 'per machine: surplus credits ÷ (price + surplus) at full load, from the price table',
  },
  overhead: { ...NO_OVERHEAD, friction: 1 },
  overheadBasis: {
    kind: 'sourced',
    why: 'AWS: changed while it runs; a machine that honestly needs its surplus becomes slow',
  },
  needs: ['the metric CPUSurplusCreditsCharged of the machine has been 0'],
  measures: (scene) =>
    machinesAtRisk(scene)
      .filter(
        ({ burst, price, id }) =>
          burst !== null && burst.mode !== 'standard' && price !== null && isNamed(scene, id),
      )
      .map((asset) => {
        const surplus = asset.burst?.surplusUsdPerHour ?? 0
        const likely = asset.burst?.mode === 'unlimited' ? 1 : 0.8
        const share = (likely * surplus) / ((asset.price?.usdPerHour ?? 0) + likely * surplus)
        const call = (mode: string) => ({
          service: 'ec2',
          operation: 'modify-instance-credit-specification',
          region: asset.region,
          input: { InstanceCreditSpecifications: [{ InstanceId: asset.id, CpuCredits: mode }] },
        })
        return {
          target: asset.id,
          targets: [asset.id],
          title: `${nameOf(scene, asset.id)}: credit mode standard`,
          effects: [{ on: 'sink' as const, sink: `machine:${asset.id}`, share }],
          carriers: [],
          changes: [
            {
              what: `${nameOf(scene, asset.id)} may not run above what it earned`,
              ...(isInstance(asset.id)
                ? { aws: { apply: [call('standard')], revert: [call('unlimited')] } }
                : unwrittenFor(scene, asset.id)),
            },
          ],
          closes: (scene.byAsset.get(asset.id) ?? [])
            .filter((one) => one.check === 'burst-unlimited')
            .map(({ id }) => id),
        }
      }),
}
