/**
 * What the phone holds for one user. Each user has a database of his own, so that another
 * person's sign-in on the same phone never touches the outbox of the first.
 */
import Dexie, { type DexieOptions, type EntityTable } from 'dexie'

import type { Area, Case, ErrorBody, Matter, MatterEvent, Mutation, Unit, Visit } from '../domain/records'
import type { RatingCode } from './ratingCodes'
import type { Beginning } from './responsibilities'
import { sealedTables, type Sealer } from './sealed'

/** `pending`: waits for the server's receipt. `refused`: something about it lies under 需处理. */
export interface Local {
  pending: boolean
  refused: boolean
}

/** An entry of the history; `pending` when the server has not confirmed it. */
export type EventRow = MatterEvent & { pending?: boolean }

/** A matter as the screen shows it: the server's version with the pending mutations on top. */
export type MatterRow = Omit<Matter, 'events'> & Local & { events: EventRow[] }
export type VisitRow = Visit & Local

/**
 * What lies in the table: `base` is there only while mutations are pending, and is the server's
 * version, null when the server has none. IndexedDB does not index booleans, hence 0 and 1.
 */
export type StoredMatter = MatterRow & { base?: Matter | null; mine: 0 | 1; open: 0 | 1 }
export type StoredVisit = VisitRow & { base?: Visit | null }

/** What the phone knew when it recorded, so that local effects are a function of the entry alone. */
export interface Seen {
  actorId: string
  actorName: string
  villageName: string
  ownVillage: boolean
  unitId: string
  unitName: string
  /** How each new matter of a visit begins by the responsibility list, by its id. */
  beginnings?: Record<string, Beginning>
  /** The unit that had the matter, and the one that has it now, are of the village's own township. */
  fromTownship?: boolean
  toTownship?: boolean
}

/** A mutation that waits for its receipt, or that the server refused. `seq` is the order of recording. */
export interface OutboxEntry extends Mutation {
  seq?: number
  status: 'waiting' | 'refused'
  error: ErrorBody | null
  /** Ids of the matters and visits that it makes or changes. */
  records: string[]
  seen: Seen
}

export interface Draft {
  key: string
  value: unknown
}

export interface Answer {
  path: string
  body: unknown
  /** When the server gave it: ISO 8601. */
  at: string
}

/** Small facts: see meta.ts for the keys. */
export interface MetaRow {
  key: string
  value: unknown
}

export const databaseName = (userId: string) => `shishibu-${userId}`
/** Whose database has this name; undefined: it is nobody's. */
export const userOfDatabase = (name: string) => /^shishibu-(.+)$/.exec(name)?.[1]

export class Database extends Dexie {
  declare matters: EntityTable<StoredMatter, 'id'>
  declare visits: EntityTable<StoredVisit, 'id'>
  declare areas: EntityTable<Area, 'code'>
  declare units: EntityTable<Unit, 'id'>
  declare outbox: EntityTable<OutboxEntry, 'seq'>
  declare drafts: EntityTable<Draft, 'key'>
  declare meta: EntityTable<MetaRow, 'key'>
  declare answers: EntityTable<Answer, 'path'>
  declare cases: EntityTable<Case, 'id'>
  declare ratingCodes: EntityTable<RatingCode, 'id'>

  /** Seals what is written and opens what is read; null: rows are written as they are. */
  readonly holder: { sealer: Sealer | null } = { sealer: null }

  constructor(
    readonly userId: string,
    options: DexieOptions = {},
  ) {
    // 'strict': a record is said to be saved only when it is on the disk. The cache is off, since
    // it shows what is not yet written and holds a second copy of 10,000 rows.
    super(databaseName(userId), { chromeTransactionDurability: 'strict', cache: 'disabled', ...options })
    this.use(sealedTables(this.holder))
    this.version(1).stores({
      matters: 'id, open, [mine+open], visit_id',
      visits: 'id, happened_at',
      areas: 'code',
      units: 'id',
      outbox: '++seq, &id, status, *records',
      drafts: 'key',
      meta: 'key',
      answers: 'path, at',
    })
    this.version(2)
      .stores({ cases: 'id, category', ratingCodes: 'id, matter_id' })
      // The rows of version 1 lack what the desks sort by: everything is fetched anew.
      .upgrade((changed) => changed.table('meta').where('key').startsWith('cursor:').delete())
    // How a long list begins is found without opening what is sealed. (An upgrade that reads sealed rows would need the key.)
    this.version(3).stores({ matters: 'id, open, [mine+open], [mine+open+due_day], visit_id' })
  }
}

/** The relations that make a matter one's own business. */
const OWN = ['author', 'cadre', 'handler', 'coordinator']

/** The columns of a matter that lists are found by. */
export function matterIndex(matter: Pick<Matter, 'relations'>, open: boolean): Pick<StoredMatter, 'mine' | 'open'> {
  return { mine: matter.relations.some((relation) => OWN.includes(relation)) ? 1 : 0, open: open ? 1 : 0 }
}
