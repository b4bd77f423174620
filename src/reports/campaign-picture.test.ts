import { describe, expect, it } from 'vitest'
import { parseTime } from '../text/time.ts'
import { displayWidth } from '../text/width.ts'
import { pictureOf } from './campaign-picture.ts'
import { DEFAULT_OPTIONS } from './report.ts'
import { at } from './samples/build.ts'
import { gang } from './samples/others.ts'
import { html } from './html/index.ts'
import { terminal } from './terminal/index.ts'

function pictured(change: (sample: ReturnType<typeof gang>) => void = () => undefined) {
  const sample = gang()
  change(sample)
  const [campaign] = sample.campaigns
  return campaign === undefined ? null : pictureOf(sample, campaign)
}

describe('the picture of a campaign', () => {
  it('has a row for each machine held, and for each that somebody went on to', () => {
    const picture = pictured()
    expect(picture?.rows.map(({ asset, tenures }) => [asset, tenures.length])).toEqual([
      ['worker-1.eu-west.internal.example', 1],
      ['worker-2.eu-west.internal.example', 1],
      ['worker-3.eu-west.internal.example', 1],
      ['<b>db-9</b>', 0],
    ])
  })

  it('begins with the machine that was held first', () => {
    const picture = pictured((sample) => {
      const tenure = sample.incidents[2]?.tenures.at(-1)
      if (tenure !== undefined) tenure.start = at('04:00:00')
    })
    expect(picture?.rows[0]?.asset).toBe('worker-3.eu-west.internal.example')
    expect(picture?.range.from).toBe(parseTime(at('04:00:00')))
  })

  it('is none where nobody held anything', () => {
    expect(pictured((sample) => sample.incidents.forEach((incident) => (incident.tenures = [])))).toBeNull()
    expect(pictured((sample) => (sample.incidents = []))).toBeNull()
  })

  it('is drawn with every step', () => {
    const page = html.render(gang())
    const section = page.slice(page.indexOf('id="campaigns"'))
    expect(section.match(/class="step"/gu)).toHaveLength(2)
    expect(section).toContain('worker-1.eu-west.internal.example held 12 May 2026')
    expect(section).not.toContain('<b>db-9')
  })

  it('is cut where there are many machines', () => {
    expect(html.render(gang(40))).toContain('and 21 more machines')
    expect(terminal.render(gang(40), DEFAULT_OPTIONS)).toContain('33 more machines')
  })

  it.each([
    [true, '→'],
    [false, '>'],
  ])('is a bar and arrows on a terminal, unicode: %s', (unicode, arrow) => {
    const text = terminal.render(gang(), { ...DEFAULT_OPTIONS, unicode, width: 80, color: false })
    const lines = text.slice(text.indexOf('The same hands')).split('\n')
    const db = lines.find((line) => line.startsWith('      <b>db-9'))
    expect(db?.trimEnd().endsWith(arrow)).toBe(true)
    const second = lines.find((line) => line.startsWith('      worker-2'))
    expect(second).toContain(arrow)
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80)
  })
})
