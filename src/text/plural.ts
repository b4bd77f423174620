import { formatNumber } from './units.ts'

/** `1 try`, `4,112 tries` */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}
