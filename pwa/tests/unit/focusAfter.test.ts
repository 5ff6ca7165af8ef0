import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, ref } from 'vue'

import { inRow, rowBeside, useFocusAfter } from '../../src/components/focusAfter'

/** As much of a page as the focus needs. */
const page = { body: { name: 'body' }, activeElement: null as unknown, rows: new Set<string>() }
const element = (name: string) => ({ name, focus: () => (page.activeElement = named.get(name)) })
const named = new Map(['h1', 'a', 'b', 'opener'].map((name) => [name, element(name)]))
const focused = () => (page.activeElement as { name: string }).name

beforeEach(() => {
  Object.assign(page, { activeElement: named.get('opener'), rows: new Set(['a', 'b']) })
  vi.stubGlobal('document', {
    body: page.body,
    get activeElement() {
      return page.activeElement
    },
    getElementById: (id: string) => (page.rows.has(id.slice(4)) ? { querySelector: () => named.get(id.slice(4)) } : null),
    querySelector: () => named.get('h1'),
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('the focus after a sheet was saved', () => {
  it('stays where the sheet gave it back', async () => {
    await useFocusAfter(ref(0), () => inRow('a'))()
    expect(focused()).toBe('opener')
  })

  it('goes to the next row when its own has gone before the sheet closed', async () => {
    page.activeElement = page.body
    await useFocusAfter(ref(0), () => inRow('gone') ?? inRow('b'))()
    expect(focused()).toBe('b')
  })

  it('goes there also when its own row goes a moment later', async () => {
    const rows = ref(2)
    await useFocusAfter(rows, () => inRow('b'))()
    page.activeElement = page.body
    rows.value = 1
    await nextTick()
    expect(focused()).toBe('b')
  })

  it('goes to the page heading when nothing is left', async () => {
    page.activeElement = page.body
    await useFocusAfter(ref(0), () => inRow('gone'))()
    expect(focused()).toBe('h1')
  })

  it('is taken from nobody by what changes later by itself', async () => {
    const rows = ref(2)
    await useFocusAfter(rows, () => inRow('b'))()
    rows.value = 1
    await nextTick()
    page.activeElement = page.body
    rows.value = 0
    await nextTick()
    expect(page.activeElement).toBe(page.body)
  })
})

it('is read next: the row below, at the end the one above, alone none', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ id }))
  expect(['a', 'c'].map((id) => rowBeside(rows, id))).toEqual(['b', 'b'])
  expect(rowBeside([{ id: 'a' }], 'a')).toBeUndefined()
})
