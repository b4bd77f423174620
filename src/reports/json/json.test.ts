import { expect, it } from 'vitest'
import { Investigation } from '../../story/document.ts'
import { battle } from '../samples/battle.ts'
import { hostile } from '../samples/others.ts'
import { json } from './index.ts'

it.each([battle(), hostile()])('is the document itself', (document) => {
  const text = json.render(document)
  expect(JSON.parse(text)).toEqual(document)
  expect(Investigation.safeParse(JSON.parse(text)).error).toBeUndefined()
})

it('is safe to print, and the same every time', () => {
  const text = json.render(hostile())
  expect(text).not.toMatch(/[^\n\P{C}]|\p{Zl}|\p{Zp}/u)
  expect(json.render(hostile())).toBe(text)
  expect(text.startsWith('{\n  "schema": "https://davylamp.dev/')).toBe(true)
})
