import { describe, expect, it } from 'vitest'
import { battle } from '../samples/battle.ts'
import {
  fleet,
  gang,
  hostile,
  nothingFound,
  nothingRead,
  pressureOnly,
  worthALook,
} from '../samples/others.ts'
import { html } from './index.ts'
import { markup } from './markup.ts'
import { STYLE } from './style.ts'

const SAMPLES = { battle, fleet, gang, hostile, nothingFound, nothingRead, pressureOnly, worthALook }

describe.each(Object.entries(SAMPLES))('%s', (_, sample) => {
  const page = html.render(sample())
  const withoutOurs = page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script>[\s\S]*?<\/script>/, '')

  it('loads nothing and runs nothing but its own', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-`)
    const tags = withoutOurs.replace(/="[^"]*"/g, '').match(/<[^>]*>/g) ?? []
    expect(
      tags.filter((tag) => /^<(?:script|style|iframe|img|link|object|embed|base|form)\b/i.test(tag)),
    ).toEqual([])
    expect(tags.filter((tag) => /\s(?:on\w+|style|src|srcset|action|formaction)\b/i.test(tag))).toEqual([])
    for (const [, target] of withoutOurs.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#[a-z0-9-]+$/)
  })

  it('has every place it links to, and every id once', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of withoutOurs.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
    for (const [, look] of withoutOurs.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(look)
  })

  it('closes what it opens', () => {
    for (const tag of [
      'a',
      'section',
      'article',
      'details',
      'figure',
      'svg',
      'table',
      'tr',
      'td',
      'ol',
      'ul',
      'dl',
      'div',
      'p',
      'span',
    ]) {
      const opened = withoutOurs.match(new RegExp(`<${tag}[\\s>]`, 'g'))?.length ?? 0
      const closed = withoutOurs.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0
      expect(`${tag}: ${closed}`).toBe(`${tag}: ${opened}`)
    }
  })
})

it('answers before anything else', () => {
  expect(html.render(battle())).toContain('<h1>Somebody mines on web-1.</h1>')
  expect(html.render(fleet())).toContain('<h1>Somebody mines on 50 machines.</h1>')
  expect(html.render(pressureOnly())).toContain('1 machine is under pressure')
  expect(html.render(nothingFound())).toContain('<h1>No intruder and no miner in this evidence.</h1>')
  expect(html.render(nothingRead())).toContain('<h1>Nothing could be read, so nothing can be said.</h1>')
})

it('shows each proof once and links to it elsewhere', () => {
  const page = html.render(battle())
  expect(page.match(/Accepted password for root/g)).toHaveLength(1)
  expect(page.match(/href="#proof-1"/g)?.length).toBeGreaterThan(1)
})

it('escapes what goes into a template, and only that', () => {
  expect(markup`<p title="${'"<&'}">${['a<b', markup`<b>${1}</b>`]}${null}</p>`.toString()).toBe(
    '<p title="&quot;&lt;&amp;">a&lt;b<b>1</b></p>',
  )
})

describe('contrast of text (WCAG 2.2 AA)', () => {
  const schemes = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(([, body = '']) => colorsOf(body))
  const pairs = [
    ['ink', 'ground'],
    ['soft', 'ground'],
    ['soft', 'sheet'],
    ['soft', 'faint'],
    ['ink', 'faint'],
    ['link', 'ground'],
    ['link', 'faint'],
    ['lamp', 'sheet'],
    ['alarm', 'alarm-ground'],
    ['warn', 'warn-ground'],
    ['warn', 'sheet'],
    ['fine', 'fine-ground'],
    ['fine', 'ground'],
  ] as const

  it.each(
    ['light', 'dark', 'print'].flatMap((name, i) =>
      pairs.map(([text, ground]) => [name, text, ground, i] as const),
    ),
  )('%s: %s on %s', (_, text, ground, scheme) => {
    const colors = schemes[scheme] ?? new Map<string, string>()
    expect(contrast(colors.get(text) ?? '', colors.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5)
  })
})

function colorsOf(body: string): Map<string, string> {
  return new Map(
    [...body.matchAll(/--([\w-]+):(#[0-9a-f]{3,6})/g)].map(([, name = '', color = '']) => [name, color]),
  )
}

function luminance(color: string): number {
  const wide = color.length === 4 ? color.replace(/[0-9a-f]/g, '$&$&') : color
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(wide.slice(at, at + 2), 16) / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

it('tells what is worth a look, with the proof on the page', () => {
  const page = html.render(worthALook())
  expect(page).toContain('id="attention"')
  expect(page).toContain('The log of the account was stopped')
  for (const [, id] of page.matchAll(/href="#([^"]+)"/gu)) expect(page).toContain(`id="${id}"`)
})
