/** The case library (好经验): every phone has the whole of it; a leader writes to it while he is online. */
import { isAgo } from '../domain/clock'
import type { Case, CaseDraft, CaseTexts } from '../domain/records'
import { keepCases } from '../store/cases'
import { readFact, writeFact } from '../store/meta'
import { ApiError } from './api'
import type { Ports } from './ports'

/** It changes a few times a month: the exchanges with the server, some seconds apart, need not all ask for it. */
const ASK_AFTER_MS = 10 * 60 * 1000

/** Fetch the library if it changed. Throws ApiError. */
export async function fetchCases({ api, db, clock }: Ports): Promise<void> {
  const changed = await api.getIfChanged<{ cases: Case[] }>('/api/cases', (await readFact(db, 'cases'))?.etag)
  const asked_ms = clock.now()
  if (changed && Array.isArray(changed.body.cases)) await keepCases(db, changed.body.cases, { etag: changed.tag, asked_ms })
  else if (!changed) await writeFact(db, 'cases', { etag: (await readFact(db, 'cases'))?.etag, asked_ms })
}

/** For each exchange: asks rarely, and what goes wrong here never says that the records were not exchanged. */
export async function fetchCasesNowAndThen(ports: Ports): Promise<void> {
  const last = await readFact(ports.db, 'cases')
  if (last && !isAgo(last.asked_ms, ASK_AFTER_MS, ports.clock)) return
  try {
    await fetchCases(ports)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

/** Put a matter into the library. The answer is what stands there, without the persons and places. Throws ApiError. */
export function saveCase({ api }: Ports, matterId: string, texts: CaseTexts): Promise<CaseDraft> {
  return api.put<CaseDraft>(pathOf(matterId), texts)
}

/** Throws ApiError. */
export async function withdrawCase({ api }: Ports, matterId: string): Promise<void> {
  await api.delete(pathOf(matterId))
}

function pathOf(matterId: string): string {
  return `/api/cases/${encodeURIComponent(matterId)}`
}
