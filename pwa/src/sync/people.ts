/** Accounts, areas and units, as their administrator changes them. Each function throws ApiError. */
import type { components } from '../contract/api'
import type { Ports } from './ports'

type Schemas = components['schemas']
export type Person = Schemas['Person']
export type People = Schemas['People']
export type OnePerson = Schemas['OnePerson']
export type PeopleQuery = Schemas['PeopleQuery']
export type NewGrant = Schemas['NewGrant']
export type HeldGrant = Schemas['HeldGrant']
export type NewPerson = Schemas['NewPerson']
export type AreaPage = Schemas['AreaPage']
export type Imported = Schemas['Imported']

export const personPath = (id: string) => `/api/people/${encodeURIComponent(id)}`
export const areaPath = (code?: string) => (code ? `/api/areas?code=${encodeURIComponent(code)}` : '/api/areas')

/** In a body, not in an address: names would stand in the logs on the way. */
export const searchPeople = ({ api }: Ports, wanted: PeopleQuery) => api.post<People>('/api/people/search', wanted)

export const addPerson = ({ api }: Ports, person: NewPerson) => api.post<OnePerson>('/api/people', person)

export const renamePerson = ({ api }: Ports, id: string, name: string) =>
  api.put<OnePerson>(`${personPath(id)}/name`, { name })

export const giveRole = ({ api }: Ports, id: string, grant: NewGrant) =>
  api.post<OnePerson>(`${personPath(id)}/grants`, grant)

export const takeRole = ({ api }: Ports, id: string, grantId: string) =>
  api.delete<OnePerson>(`${personPath(id)}/grants/${encodeURIComponent(grantId)}`)

export const renewPassword = ({ api }: Ports, id: string) => api.post<OnePerson>(`${personPath(id)}/password`, {})

export const closeAccount = ({ api }: Ports, id: string) => api.post<OnePerson>(`${personPath(id)}/closing`, {})

export const openAccount = ({ api }: Ports, id: string) => api.delete<OnePerson>(`${personPath(id)}/closing`)

export const readArea = ({ api }: Ports, code?: string) => api.get<AreaPage>(areaPath(code))

export const renameArea = ({ api }: Ports, code: string, name: string) =>
  api.put<AreaPage>(`/api/areas/${encodeURIComponent(code)}/name`, { name })

export const importAreas = ({ api }: Ports, file: File) => api.upload<Imported>('/api/areas/import', file)

export const addUnit = ({ api }: Ports, area_code: string, name: string) =>
  api.post<AreaPage>('/api/units', { area_code, name })

export const renameUnit = ({ api }: Ports, id: string, name: string) =>
  api.put<AreaPage>(`/api/units/${encodeURIComponent(id)}/name`, { name })
