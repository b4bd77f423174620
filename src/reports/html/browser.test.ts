import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Investigation } from '../../story/document.ts'
import { battle } from '../samples/battle.ts'
import { fleet, gang, hostile, nothingRead, pressureOnly, worthALook } from '../samples/others.ts'
import { html } from './index.ts'

const CHROMIUM = '/usr/bin/chromium'
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
]
const SAMPLES = { battle, fleet, gang, hostile, nothingRead, pressureOnly, worthALook }
const isMissing = !existsSync(CHROMIUM)
if (isMissing) console.warn(`skipped: the report in a browser, because ${CHROMIUM} is not installed`)

interface Visit {
  readonly page: Page
  readonly requests: string[]
  readonly errors: string[]
}

describe.skipIf(isMissing)('the report in a browser', () => {
  let browser: Browser
  const folder = mkdtempSync(join(tmpdir(), 'davylamp-report-'))

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  async function open(document: Investigation, options: BrowserContextOptions = {}): Promise<Visit> {
    const file = join(folder, 'report.html')
    writeFileSync(file, html.render(document))
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    const requests: string[] = []
    const errors: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
    })
    page.on('dialog', (dialog) => errors.push(`dialog: ${dialog.message()}`))
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' })
    return { page, requests, errors }
  }

  it.each(Object.entries(SAMPLES))(
    '%s asks for nothing, fails at nothing, and fits a phone',
    async (_, sample) => {
      for (const width of [1280, 390]) {
        const { page, requests, errors } = await open(sample(), { viewport: { width, height: 900 } })
        expect(requests).toEqual([page.url()])
        expect(errors).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
          0,
        )
        expect(await page.evaluate('typeof window.pwned')).toBe('undefined')
        await page.context().close()
      }
    },
  )

  it('keeps hostile text as text, whatever is clicked', async () => {
    const { page, requests, errors } = await open(hostile())
    const elements = await page.evaluate(
      `[...document.querySelectorAll('script, img, iframe, style, [onerror], [onload], [onmouseover], a:not([href^="#"]):not([href^="#"] *)')].map((node) => node.outerHTML.slice(0, 40))`,
    )
    expect(elements).toEqual([expect.stringMatching(/^<style>/), expect.stringMatching(/^<script>/)])
    await page.evaluate(`for (const node of document.querySelectorAll('summary, button')) node.click()`)
    await page.evaluate(
      `for (const node of document.querySelectorAll('main *')) node.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))`,
    )
    expect(await page.evaluate('typeof window.pwned')).toBe('undefined')
    expect(requests).toEqual([page.url()])
    expect(errors).toEqual([])
    expect(await page.evaluate('document.body.textContent')).toContain('<script>window.pwned=1</script>')
    await page.context().close()
  })

  it('says everything with scripts off', async () => {
    const { page } = await open(fleet(3), { javaScriptEnabled: false })
    const second = page.locator('#incident-2')
    expect(await second.locator('.story').isVisible()).toBe(false)
    await second.locator('summary').first().click()
    expect(await second.locator('.story').isVisible()).toBe(true)
    expect(await page.locator('button, input').count()).toBe(0)
    await page.context().close()
  })

  it('searches, and opens what a link points into', async () => {
    const { page } = await open(fleet(3))
    await page.getByRole('searchbox').fill('took over')
    expect(await page.locator('.sentence:not([hidden])').count()).toBe(3)
    await page.getByRole('searchbox').fill('')
    await page.locator('.row .who a[href="#incident-3"]').click()
    await page.waitForFunction(`document.querySelector('#incident-3 > details').open`)
    await page.context().close()
  })

  it('reaches bars and marks by keyboard, each with a name', async () => {
    const { page } = await open(battle())
    const names = await page.evaluate(
      `[...document.querySelectorAll('.track a')].map((link) => link.querySelector('title').textContent)`,
    )
    expect(names).toEqual([
      expect.stringContaining('unknown-1: 1 h 52 min'),
      expect.stringContaining('8220-like: 1 h 55 min'),
      expect.stringContaining('Way in: ssh-password as root from 203.0.113.9'),
      expect.stringContaining('8220-like takes over from unknown-1'),
    ])
    await page.locator('.track a').last().focus()
    await page.keyboard.press('Enter')
    expect(page.url()).toMatch(/#sentence-1-6$/)
    await page.context().close()
  })

  it('prints what is folded', async () => {
    const { page } = await open(fleet(2))
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#incident-2 .story').isVisible()).toBe(true)
    await page.context().close()
  })
})
