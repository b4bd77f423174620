/** Somebody's hold on a machine; epoch ms, `to` not before `from`. */
export interface Span {
  readonly occupant: string
  readonly from: number
  readonly to: number
}

/** Intersection over union in time, 0 to 1. Two moments without length agree if they are the same one. */
export function iou(a: Span, b: Span): number {
  const union = Math.max(a.to, b.to) - Math.min(a.from, b.from)
  if (union === 0) return 1
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from)) / union
}
