/** Phones that are lost: one's own, and those of the people an administrator looks after. Each function throws ApiError. */
import type { components } from '../contract/api'
import type { Devices } from './account'
import type { Ports } from './ports'

type Schemas = components['schemas']
export type Phones = Schemas['Phones']
export type Phone = Schemas['Phone']

export const phonesPath = (personId: string) => `/api/people/${encodeURIComponent(personId)}/phones`

export const reportPhoneLost = ({ api }: Ports, personId: string, phoneId: string) =>
  api.post<Phones>(`${phonesPath(personId)}/${encodeURIComponent(phoneId)}/loss`, {})

export const reportOwnPhoneLost = ({ api }: Ports, phoneId: string) =>
  api.post<Devices>(`/api/account/phones/${encodeURIComponent(phoneId)}/loss`, {})
