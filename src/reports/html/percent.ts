/** A share of the width as SVG takes it, to a ten-thousandth. */
export function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`
}
