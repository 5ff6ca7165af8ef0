/**
 * Days and moments. Days and what the screen shows are Asia/Shanghai; a claim carries the phone's
 * own offset. China has had no summer time since 1991, so plain arithmetic is right
 * and needs no time-zone data, which old webviews may lack.
 */
import words from '../contract/words.json'
import { correctedNow, phoneClock, type Clock } from './clock'
import { isOpen } from './lifecycle'

const SHANGHAI_MS = 8 * 3600 * 1000
const DAY_MS = 24 * 3600 * 1000
const pad = (number: number, length = 2) => String(number).padStart(length, '0')

/** The Asia/Shanghai day, YYYY-MM-DD, of a moment in milliseconds. */
export function dayOf(ms: number): string {
  return new Date(ms + SHANGHAI_MS).toISOString().slice(0, 10)
}

/** Today in Asia/Shanghai. */
export function today(clock: Clock = phoneClock): string {
  return dayOf(correctedNow(clock))
}

/** The day `days` after `day`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** '11月24日', with the year when it is not this one. */
export function formatDay(day: string, clock: Clock = phoneClock): string {
  const [year = '', month = '', date = ''] = day.split('-')
  const short = `${Number(month)}月${Number(date)}日`
  return year === today(clock).slice(0, 4) ? short : `${Number(year)}年${short}`
}

/** '今天 09:30' or '11月24日 09:30', with the year when it is not this one. */
export function formatMoment(iso: string, clock: Clock = phoneClock): string {
  const ms = Date.parse(iso)
  if (isNaN(ms)) return ''
  const day = dayOf(ms)
  const time = new Date(ms + SHANGHAI_MS).toISOString().slice(11, 16)
  return `${day === today(clock) ? '今天' : formatDay(day, clock)} ${time}`
}

interface Due {
  state: string
  due_day: string | null
}

/** Whole days, on the day `on`, since an open matter was due; 0 when it is not late. */
export function daysOverdue(matter: Due, on: string = today()): number {
  if (!matter.due_day || !isOpen(matter.state)) return 0
  const late = Date.parse(`${on}T00:00:00Z`) - Date.parse(`${matter.due_day}T00:00:00Z`)
  return Math.max(0, Math.round(late / DAY_MS))
}

/** The last day to close what was raised at `iso`, unless someone sets an earlier one. */
export function dueDayByLaw(iso: string): string {
  return addDays(dayOf(Date.parse(iso)), words.days_allowed)
}

/** The last day to which a coordinator may extend what was raised at `iso`. */
export function lastExtension(iso: string): string {
  return addDays(dueDayByLaw(iso), words.extension_days)
}

/** The latest moment at which a matter was raised: a phone that runs fast claims one that the server had not reached. */
export function raisedBy({ raised_at, received_at }: { raised_at: string; received_at: string }): string {
  return Date.parse(received_at) < Date.parse(raised_at) ? received_at : raised_at
}

/** True if the second moment is so long after the first that what was recorded then is shown as 补录. */
export function isBackfill(happenedAt: string, recordedAt: string): boolean {
  return Date.parse(recordedAt) - Date.parse(happenedAt) > words.backfill_after_hours * 3600 * 1000
}

/** This moment as the phone claims it: ISO 8601 with the phone's offset. */
export function claimNow(clock: Clock = phoneClock): string {
  return withOffset(correctedNow(clock))
}

/** The phone's own reading of its clock, uncorrected: the server measures its error by it. */
export function deviceNow(clock: Clock = phoneClock): string {
  return withOffset(clock.now())
}

/**
 * A claim from the value of `<input type="datetime-local">`, which is Asia/Shanghai as all that the screen
 * shows. What is no such value is returned as it is, for the server to refuse: a time that nobody said is never made up.
 */
export function claim(shanghaiInput: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(shanghaiInput)) return shanghaiInput
  const ms = Date.parse(`${shanghaiInput}Z`) - SHANGHAI_MS
  return isNaN(ms) ? shanghaiInput : withOffset(ms, SHANGHAI_MS / 60000)
}

/** The value of `<input type="datetime-local">` for a claim, or for what came from such an input. */
export function inputOf(claimed: string): string {
  const ms = Date.parse(claim(claimed))
  return isNaN(ms) ? '' : new Date(ms + SHANGHAI_MS).toISOString().slice(0, 16)
}

function withOffset(ms: number, offset = -new Date(ms).getTimezoneOffset()): string {
  const local = new Date(ms + offset * 60 * 1000).toISOString().slice(0, 23)
  const size = Math.abs(offset)
  return `${local}${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}
