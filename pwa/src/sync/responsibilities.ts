/** A county's responsibility list, as its coordinator keeps it. Each function throws ApiError. */
import type { components } from '../contract/api'
import type { Ports } from './ports'

type Schemas = components['schemas']
export type ResponsibilityList = Schemas['ResponsibilityList']
export type SaveList = Schemas['SaveList']
export type ListChange = Schemas['ListChange']
export type ReadList = Schemas['ReadList']
export type ReadLine = Schemas['ReadLine']
export type NameableUnit = Schemas['NameableUnit']

const PATH = '/api/responsibilities'

export const listPath = (county?: string) => (county ? `${PATH}?county_code=${encodeURIComponent(county)}` : PATH)

export const exportPath = (county: string, kind: 'csv' | 'xlsx') => `${PATH}/export.${kind}?county_code=${encodeURIComponent(county)}`

export const saveList = ({ api }: Ports, list: SaveList) => api.put<ResponsibilityList>(PATH, list)

export const readFile = ({ api }: Ports, county: string, file: File) =>
  api.upload<ReadList>(`${PATH}/import?county_code=${encodeURIComponent(county)}`, file)
