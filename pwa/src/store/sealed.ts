/**
 * What lies on the disk is sealed row by row: the key and what rows are found by stay, the rest is one sealed piece. It is
 * done below everything else in Dexie and at once, so that a transaction stays one and nobody above knows of it.
 */
import type { DBCore, DBCoreCursor, DBCoreTable, Middleware } from 'dexie'

export interface Sealer {
  readonly key: Uint8Array
  /** `at`: the row's key. */
  seal(table: string, at: string, value: unknown): Uint8Array
  /** Throws WrongKey. */
  open(table: string, at: string, sealed: Uint8Array): unknown
}

/** It was sealed under another key, or is not what was sealed. */
export class WrongKey extends Error {
  override name = 'WrongKey'
}

/** It is sealed, and the key is not at hand. */
export class Locked extends Error {
  override name = 'Locked'
}

/** Places and units are public; all else is sealed. */
export const SEALED_TABLES: readonly string[] = ['matters', 'visits', 'outbox', 'drafts', 'meta', 'answers', 'cases', 'ratingCodes']

export type Row = Record<string, unknown>

/** Above Dexie's own layers are plain rows only; the lowest of these is at -1. */
const LOWEST = -2

/** While `holder.sealer` is null, rows are written plain. */
export function sealedTables(holder: { sealer: Sealer | null }): Middleware<DBCore> {
  return {
    stack: 'dbcore',
    name: 'sealed',
    level: LOWEST,
    create: (down) => ({
      ...down,
      table: (name) => (SEALED_TABLES.includes(name) ? sealedTable(down.table(name), holder) : down.table(name)),
    }),
  }
}

function sealedTable(table: DBCoreTable, holder: { sealer: Sealer | null }): DBCoreTable {
  const { name, schema } = table
  const found = columns([schema.primaryKey, ...schema.indexes].map(({ keyPath }) => keyPath))
  const shut = (row: Row) => (holder.sealer ? shutRow(holder.sealer, name, found, row) : row)
  const open = (row: unknown) => openRow(holder.sealer, name, row as Row | undefined) as unknown
  return {
    ...table,
    mutate: (asked) =>
      table.mutate(asked.type === 'put' || asked.type === 'add' ? { ...asked, values: (asked.values as Row[]).map(shut) } : asked),
    get: (asked) => table.get(asked).then(open),
    getMany: (asked) => table.getMany(asked).then((rows) => rows.map(open)),
    query: (asked) => table.query(asked).then((answer) => (asked.values ? { ...answer, result: answer.result.map(open) } : answer)),
    openCursor: (asked) => table.openCursor(asked).then((cursor) => (cursor && asked.values ? openedCursor(cursor, open) : cursor)),
  }
}

/** The columns that a table's rows are found by: they stay readable. */
export function columns(keyPaths: (string | string[] | null | undefined)[]): ReadonlySet<string> {
  return new Set(keyPaths.flatMap((path) => path ?? []))
}

/** A waiting entry is known by its mutation's id, also at the server and on another phone; any other row by its key. */
const keyColumn: Record<string, string> = { outbox: 'id', drafts: 'key', meta: 'key', answers: 'path' }

/** The row as it lies on the disk. */
export function shutRow(sealer: Sealer, table: string, found: ReadonlySet<string>, row: Row): Row {
  const kept: Row = {}
  const hidden: Row = {}
  for (const column of Object.keys(row)) (found.has(column) ? kept : hidden)[column] = row[column]
  kept.sealed = sealer.seal(table, keyOf(table, row), hidden)
  return kept
}

/** The row as it was written; one that lies there plain comes as it is. Throws Locked, WrongKey. */
export function openRow(sealer: Sealer | null, table: string, row: Row | undefined): Row | undefined {
  if (!row || !isShut(row)) return row
  if (!sealer) throw new Locked()
  const { sealed, ...kept } = row
  return Object.assign(kept, sealer.open(table, keyOf(table, row), sealed as Uint8Array))
}

export function isShut(row: Row): boolean {
  return ArrayBuffer.isView(row.sealed)
}

function keyOf(table: string, row: Row): string {
  return String(row[keyColumn[table] ?? 'id'])
}

function openedCursor(cursor: DBCoreCursor, open: (row: unknown) => unknown): DBCoreCursor {
  return Object.create(cursor, {
    key: { get: () => cursor.key as unknown },
    primaryKey: { get: () => cursor.primaryKey as unknown },
    value: { get: () => open(cursor.value) },
    continue: { value: (key?: unknown) => cursor.continue(key) },
    continuePrimaryKey: { value: (key: unknown, primaryKey: unknown) => cursor.continuePrimaryKey(key, primaryKey) },
  }) as DBCoreCursor
}
