import type { Point } from './curve.ts'

export interface Line {
  readonly name: string
  readonly colour: string
  readonly points: readonly Point[]
}

const WIDTH = 560
const HEIGHT = 300
const LEFT = 52
const RIGHT = 14
const TOP = 14
const BOTTOM = 44

/** Recall over false alarms (logarithmic), as an SVG image that stands alone. */
export function chart(lines: readonly Line[]): string {
  const levels = lines[0]?.points.map(({ level }) => level) ?? []
  const [low, high] = [Math.log(Math.min(...levels)), Math.log(Math.max(...levels))]
  const x = (level: number): number =>
    LEFT + ((Math.log(level) - low) / (high - low)) * (WIDTH - LEFT - RIGHT)
  const y = (recall: number): number => TOP + (1 - recall) * (HEIGHT - TOP - BOTTOM)
  const parts = [
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (recall) =>
        `<path d="M${LEFT} ${y(recall)}H${WIDTH - RIGHT}" stroke="#ccc"/>` +
        text(LEFT - 6, y(recall) + 4, `${recall * 100} %`, 'end'),
    ),
    ...levels.map((level) => text(x(level), HEIGHT - BOTTOM + 18, `${level * 100} %`, 'middle')),
    text(
      (LEFT + WIDTH - RIGHT) / 2,
      HEIGHT - 8,
      'false alarms (other flows of at least 10 packets)',
      'middle',
    ),
    ...lines.flatMap(({ name, colour, points }, at) => [
      `<path fill="none" stroke="${colour}" stroke-width="2" d="M${points
        .map(({ level, mining }) => `${x(level).toFixed(1)} ${y(mining.hits / mining.tries).toFixed(1)}`)
        .join('L')}"/>`,
      `<path stroke="${colour}" stroke-width="2" d="M${WIDTH - 190} ${HEIGHT - BOTTOM - 16 - at * 18}h20"/>`,
      text(WIDTH - 164, HEIGHT - BOTTOM - 12 - at * 18, name, 'start'),
    ]),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>Recall over false alarms, each mining port left out in turn</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function text(x: number, y: number, words: string, anchor: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words}</text>`
}
