import type { Control, MeasureDraft, Scene } from '../control.ts'
import { attributeOf } from '../emitters/terraform-name.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { accountsAtRisk, sinksOf, withCheck } from './scene.ts'

const SHARE_OF_BUDGET = 0.35
const SHARE_OF_ANOMALY = 0.3
/** Machines at a fixed price cost the same with a miner on them, so a bill shows little there. */
const SHARE_OF_MACHINE = 0.1
/** What a budget is set to is the user's to say: this is put in and marked. */
const PLACEHOLDER_USD = '100'
const PLACEHOLDER_MAIL = 'you@example.com'

function effects(scene: Scene, share: number): MeasureDraft['effects'] {
  return [
    ...sinksOf(scene, 'account').map((sink) => ({ on: 'sink' as const, sink, share })),
    ...sinksOf(scene, 'machine').map((sink) => ({ on: 'sink' as const, sink, share: SHARE_OF_MACHINE })),
  ]
}

/** The account a finding is about. */
function accountOf(scene: Scene, check: string): string | null {
  const [exposure] = withCheck(scene, check)
  if (exposure === undefined) return null
  return scene.assets.get(exposure.asset)?.account ?? accountsAtRisk(scene)[0] ?? exposure.asset
}

/** Somebody hears of it in half a day, not at the end of the month. */
export const budgetAlarm: Control = {
  id: 'budget-alarm',
  title: 'A budget with an alarm',
  what: 'AWS sends a mail when the month is going to cost more than you said. Without it, the first to tell you is the bill.',
  layer: 'bill-alarm',
  share: SHARE_OF_BUDGET,
  shareBasis: {
    kind: 'judgement',
    why: 'AWS reckons budgets up to three times a day, with data 8 to 24 hours old: machines started by a thief run for a day instead of weeks, but they do run',
  },
  overhead: NO_OVERHEAD,
  overheadBasis: { kind: 'sourced', why: 'AWS Budgets: budgets that only notify cost nothing' },
  needs: [`put your own amount and address in the place of ${PLACEHOLDER_USD} and ${PLACEHOLDER_MAIL}`],
  measures(scene) {
    const account = accountOf(scene, 'no-budget')
    if (account === null) return []
    const name = 'davylamp-month'
    return [
      {
        target: account,
        targets: [account],
        title: `account ${account}: a budget with an alarm`,
        effects: effects(scene, SHARE_OF_BUDGET),
        carriers: [],
        changes: [
          {
            what: `a monthly budget of $${PLACEHOLDER_USD} that mails at 80 % forecast`,
            aws: {
              apply: [
                {
                  service: 'budgets',
                  operation: 'create-budget',
                  region: null,
                  input: {
                    AccountId: account,
                    Budget: {
                      BudgetName: name,
                      BudgetLimit: { Amount: PLACEHOLDER_USD, Unit: 'USD' },
                      TimeUnit: 'MONTHLY',
                      BudgetType: 'COST',
                    },
                    NotificationsWithSubscribers: [
                      {
                        Notification: {
                          NotificationType: 'FORECASTED',
                          ComparisonOperator: 'GREATER_THAN',
                          Threshold: 80,
                          ThresholdType: 'PERCENTAGE',
                        },
                        Subscribers: [{ SubscriptionType: 'EMAIL', Address: PLACEHOLDER_MAIL }],
                      },
                    ],
                  },
                },
              ],
              revert: [
                {
                  service: 'budgets',
                  operation: 'delete-budget',
                  region: null,
                  input: { AccountId: account, BudgetName: name },
                },
              ],
            },
            terraform: [
              {
                mode: 'resource',
                type: 'aws_budgets_budget',
                name: 'month',
                attributes: {
                  name,
                  budget_type: 'COST',
                  limit_amount: PLACEHOLDER_USD,
                  limit_unit: 'USD',
                  time_unit: 'MONTHLY',
                },
                blocks: [
                  {
                    type: 'notification',
                    attributes: {
                      comparison_operator: 'GREATER_THAN',
                      threshold: 80,
                      threshold_type: 'PERCENTAGE',
                      notification_type: 'FORECASTED',
                      subscriber_email_addresses: [PLACEHOLDER_MAIL],
                    },
                  },
                ],
              },
            ],
          },
        ],
        closes: withCheck(scene, 'no-budget').map(({ id }) => id),
      },
    ]
  },
}

/** AWS's own look-out for unusual spending. */
export const anomalyAlarm: Control = {
  id: 'anomaly-alarm',
  title: 'Cost anomaly detection',
  what: 'AWS compares what each service costs with what it usually costs, three times a day, and mails when it jumps. It needs ten days of history per service.',
  layer: 'bill-alarm',
  share: SHARE_OF_ANOMALY,
  shareBasis: {
    kind: 'judgement',
    why: 'like a budget, and it needs no amount; a rise hidden by a fall elsewhere is not seen',
  },
  overhead: NO_OVERHEAD,
  overheadBasis: { kind: 'sourced', why: 'AWS Cost Anomaly Detection: free' },
  needs: [`put your own address in the place of ${PLACEHOLDER_MAIL}`],
  measures(scene) {
    const account = accountOf(scene, 'no-anomaly-monitor')
    if (account === null) return []
    return [
      {
        target: account,
        targets: [account],
        title: `account ${account}: cost anomaly detection`,
        effects: effects(scene, SHARE_OF_ANOMALY),
        carriers: [],
        changes: [
          {
            what: 'a monitor of every service that mails when something costs $10 more than usual; in the console: Cost Anomaly Detection, Create monitor, AWS services',
            terraform: [
              {
                mode: 'resource',
                type: 'aws_ce_anomaly_monitor',
                name: 'services',
                attributes: {
                  name: 'davylamp-services',
                  monitor_type: 'DIMENSIONAL',
                  monitor_dimension: 'SERVICE',
                },
              },
              {
                mode: 'resource',
                type: 'aws_ce_anomaly_subscription',
                name: 'mail',
                attributes: {
                  name: 'davylamp-mail',
                  frequency: 'DAILY',
                  monitor_arn_list: [attributeOf('aws_ce_anomaly_monitor', 'services', 'arn')],
                },
                blocks: [
                  { type: 'subscriber', attributes: { type: 'EMAIL', address: PLACEHOLDER_MAIL } },
                  {
                    type: 'threshold_expression',
                    attributes: {},
                    blocks: [
                      {
                        type: 'dimension',
                        attributes: {
                          key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
                          match_options: ['GREATER_THAN_OR_EQUAL'],
                          values: ['10'],
                        },
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
        closes: withCheck(scene, 'no-anomaly-monitor').map(({ id }) => id),
      },
    ]
  },
}
