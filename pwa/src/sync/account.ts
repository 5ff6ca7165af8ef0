/** One's own account: devices and password. Each function throws ApiError. */
import type { components } from '../contract/api'
import type { Ports } from './ports'

export type Devices = components['schemas']['Devices']
export type Device = Devices['devices'][number]

export const DEVICES = '/api/account/devices'

export const signOutDevice = ({ api }: Ports, id: string) => api.delete<Devices>(`${DEVICES}/${encodeURIComponent(id)}`)

/** The other devices are signed out by it. */
export const changePassword = ({ api }: Ports, old: string, fresh: string) =>
  api.put<Devices>('/api/account/password', { old, new: fresh })
