/** SGR codes of the colours used: the 16 that every terminal has, so that its own theme decides how they look. */
const CODES = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  magenta: '35',
  cyan: '36',
  alarm: '1;31',
  warning: '1;33',
  fine: '1;32',
} as const

export type Style = keyof typeof CODES
export type Paint = (style: Style, text: string) => string

/** Without colour the text is left as it is: every style also shows in words or shapes. */
export function painter(color: boolean): Paint {
  return (style, text) => (color && text !== '' ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text)
}

const OCCUPANTS: readonly Style[] = ['cyan', 'yellow', 'magenta', 'blue', 'green']

export function occupantStyle(index: number): Style {
  return OCCUPANTS[index % OCCUPANTS.length] ?? 'cyan'
}
