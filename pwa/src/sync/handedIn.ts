/** What was handed in from phones that are lost, and the coordinator's decision on it. Each function throws ApiError. */
import type { components } from '../contract/api'
import type { Ports } from './ports'

type Schemas = components['schemas']
/** The oldest of `count` entries. */
export type HandedInList = Schemas['HandedInList']
export type HandedIn = Schemas['HandedIn']

export const HANDED_IN = '/api/handed-in'

/** What still waits afterwards. */
export const acceptHandedIn = ({ api }: Ports, id: string) =>
  api.post<HandedInList>(`${HANDED_IN}/${encodeURIComponent(id)}/acceptance`, {})

export const dropHandedIn = ({ api }: Ports, id: string, reason: string) =>
  api.post<HandedInList>(`${HANDED_IN}/${encodeURIComponent(id)}/dropping`, { reason })
