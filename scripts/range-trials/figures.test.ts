import { expect, it } from 'vitest'
import { figureOf, summarise } from './figures.ts'

it.each<[readonly number[], number, number]>([
  [[1], 1, 1],
  [[3, 1, 2], 2, 2],
  [[4, 1, 2, 3], 2.5, 2.5],
  [[0, 0, 1], 0, 1 / 3],
])('%j has median %f and mean %f', (values, median, mean) => {
  expect(figureOf(values)).toEqual({ median, mean, count: values.length })
})

it('leaves out battles that had nothing to measure', () => {
  const nothing = { tenureIoU: null, handsF1: null, occupantPurity: null, wayIn: null, costError: null }
  const figures = summarise([
    { ...nothing, falseIncidents: 1 },
    { ...nothing, tenureIoU: 0.5, falseIncidents: 0 },
  ])
  expect(figures.handsF1).toBeNull()
  expect(figures.tenureIoU).toEqual({ median: 0.5, mean: 0.5, count: 1 })
  expect(figures.falseIncidents?.mean).toBe(0.5)
})
