interface PriceList {
  readonly region: string
  readonly generated_at: string
  readonly prices: Record<string, number>
}

export function priceTable(text: string): Record<string, unknown> {
  const list: PriceList = JSON.parse(text)
  return {
    sources: [
      {
        source: 'aws/karpenter-provider-aws pkg/providers/pricing/zz_generated.pricing_aws.go',
        licence: 'Apache-2.0',
        date: list.generated_at.slice(0, 10),
        how: 'US dollars per hour, Linux on demand, by instance type; taken over as they are',
      },
    ],
    region: list.region,
    prices: Object.entries(list.prices).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  }
}
